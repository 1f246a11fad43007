#include "strata/registry/mirrors.hpp"

#include <doctest/doctest.h>

#include "strata/base/error.hpp"

using namespace strata;
using namespace strata::registry;

namespace {

std::string error_of(std::string_view text) {
  try {
    parse_mirror_rules(text, "conf");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::usage);
    return error.message();
  }
  return "no error";
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

std::vector<Place> places(const MirrorRules& rules, std::string_view name) {
  return places_to_pull(rules, oci::parse_reference(name));
}

constexpr std::string_view common = R"(# as distributions ship it
unqualified-search-registries = ["docker.io",
  "quay.io"]
short-name-mode = "enforcing"

[[registry]]
prefix = 'docker.io'   # the hub
location = "hub.example:5000/cache"
insecure = true
[[registry.mirror]]
location = "near.example"
[[registry.mirror]]
location = "far.example/x"
insecure = true

[[registry]]
location = "docker.io/library"
[[registry]]
prefix = "bad.example"
blocked = true
[aliases]
"fedora" = "registry.fedoraproject.org/fedora"
)";

}  // namespace

TEST_CASE("without rules an image is where its name says") {
  CHECK(places({}, "busybox") == std::vector<Place>{{"docker.io", "library/busybox"}});
  CHECK(places({}, "a.example:1/b/c") == std::vector<Place>{{"a.example:1", "b/c"}});
}

TEST_CASE("mirrors come in order and the location last") {
  const auto rules = parse_mirror_rules(common, "conf");
  CHECK(places(rules, "team/app") ==
        std::vector<Place>{{"near.example", "team/app"},
                           {"far.example", "x/team/app", true},
                           {"hub.example:5000", "cache/team/app", true}});
  CHECK(place_to_push(rules, oci::parse_reference("team/app")) ==
        Place{"hub.example:5000", "cache/team/app", true});
}

TEST_CASE("the longest prefix counts and ends where a part of a name does") {
  const auto rules = parse_mirror_rules(common, "conf");
  CHECK(places(rules, "busybox") == std::vector<Place>{{"docker.io", "library/busybox"}});
  CHECK(places(rules, "libraryx/busybox").size() == 3);
  CHECK_THROWS_AS(places(rules, "bad.example/app"), Error);
}

TEST_CASE("what is not understood is said with its line") {
  CHECK(contains(error_of("[[registry]]\nmirror-by-digest-only = true\n"), "conf:2: "));
  CHECK(contains(error_of("credential-helpers = [\"x\"]"), "\"credential-helpers\" is not"));
  CHECK(contains(error_of("[registries.search]\n"), "\"[registries.search]\""));
  CHECK(contains(error_of("[[registry.mirror]]\n"), "is not understood"));
  CHECK(contains(error_of("[[registry]]\nprefix = \"*.example\"\n"), "host[:port]"));
  CHECK(contains(error_of("[[registry]]\nlocation = \"https://x\"\n"), "host[:port]"));
  CHECK(contains(error_of("[[registry]]\ninsecure = \"yes\"\n"), "true or false"));
  CHECK(contains(error_of("[[registry]]\nprefix = x\n"), "conf:2"));
  CHECK(contains(error_of("[[registry]]\nprefix = \"a\\u0041\"\n"), "conf:2"));
  CHECK(contains(error_of("[[registry]]\n"), "neither prefix nor location"));
  CHECK(contains(error_of("[[registry]]\nlocation=\"a.b\"\n[[registry.mirror]]\n"), "no location"));
  CHECK(contains(error_of("nonsense\n"), "conf:1"));
}
