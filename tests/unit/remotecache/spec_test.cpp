#include "strata/remotecache/spec.hpp"

#include <doctest/doctest.h>

#include "strata/base/error.hpp"

namespace strata::remotecache {

namespace {

/// What is said against an option.
template <class Parse>
std::string refused(const Parse& parse, const char* text) {
  CAPTURE(text);
  try {
    parse(text);
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::usage);
    return error.message();
  }
  return "";
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a name alone is a repository") {
  const PlaceSpec place = parse_cache_from("example.org/team/cache:main");
  CHECK(place.type == PlaceType::registry);
  CHECK(oci::canonical_name(place.repository) == "example.org/team/cache:main");
  CHECK(parse_cache_from("cache").repository.tag == "latest");
}

TEST_CASE("places are said by type") {
  CHECK(parse_cache_from("type=local,src=some/dir").directory == "some/dir");
  const ExportSpec to = parse_cache_to("type=registry,ref=a/b:c,mode=max,mounts=go,mounts=/root/x");
  CHECK(to.place.repository.tag == "c");
  CHECK(to.mode == Mode::max);
  CHECK(to.mounts == std::vector<std::string>{"go", "/root/x"});
  CHECK(parse_cache_to("type=local,\"dest=a,b\"").place.directory == "a,b");
  CHECK(parse_cache_to("type=inline").place.type == PlaceType::inlined);
}

TEST_CASE("what other builders say and is so anyway is taken, and nothing else") {
  parse_cache_to("type=registry,ref=a,image-manifest=true,oci-mediatypes=true,ignore-error=true");
  CHECK(has(refused(parse_cache_to, "ref=a,compression=zstd"), "compression=gzip"));
  CHECK(has(refused(parse_cache_to, "ref=a,ignore-error=false"), "ignore-error=true"));
}

TEST_CASE("a wrong option says what is expected") {
  CHECK(has(refused(parse_cache_from, "type=regsitry,ref=a"), "did you mean registry?"));
  CHECK(has(refused(parse_cache_from, "type=registry"), "ref=NAME[:TAG] is missing"));
  CHECK(has(refused(parse_cache_from, "type=local,dest=x"), "the options are type, ref, src"));
  CHECK(has(refused(parse_cache_from, "type=local"), "src=DIR is missing"));
  CHECK(has(refused(parse_cache_from, "type=inline"), "type=registry,ref=NAME"));
  CHECK(has(refused(parse_cache_from, "type=gha"), "registry, local, inline"));
  CHECK(has(refused(parse_cache_to, "ref=a,mode=most"), "min or max"));
  CHECK(has(refused(parse_cache_to, "type=local,dest=x,ref=y"), "type=registry"));
  CHECK(has(refused(parse_cache_to, "type=inline,mounts=a"), "its own steps"));
  CHECK(has(refused(parse_cache_to, "\"ref=a"), "not closed"));
  CHECK(has(refused(parse_cache_from, (std::string("a:") + std::string(49, 't')).c_str()), "49"));
}

}  // namespace strata::remotecache
