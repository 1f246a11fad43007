// What the command line gives and allows the steps of a build: every form, every mistake.

#include "cli/offers.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <fstream>

#include "strata/base/error.hpp"
#include "unit/store/temporary_store.hpp"

using namespace strata;
using namespace strata::cli;

namespace {

Arguments arguments_of(const Words& words) {
  Syntax syntax;
  add_offer_options(syntax);
  return Arguments(syntax, words);
}

exec::Offers offers_of(const Words& words) { return read_offers(arguments_of(words)); }
plan::Grants grants_of(const Words& words) {
  const Arguments arguments = arguments_of(words);
  return read_grants(arguments, read_offers(arguments));
}
exec::Limits limits_of(const Words& words) { return read_limits(arguments_of(words)); }

/// The kind of the error that reading the words ends in.
ErrorKind mistake_in(const Words& words) {
  try {
    grants_of(words);
    limits_of(words);
  } catch (const Error& error) {
    return error.kind();
  }
  FAIL("no mistake was found");
  return ErrorKind::system;
}

struct Files {
  store::TemporaryDirectory directory;
  std::string put(const std::string& name, std::size_t size) const {
    std::ofstream(directory / name) << std::string(size, 'x');
    return directory / name;
  }
};

}  // namespace

TEST_CASE("a secret is a file or a variable and an id alone is whichever there is") {
  Files files;
  const std::string file = files.put("token", 3);
  setenv("STRATA_TEST_SECRET", "value", 1);
  CHECK(offers_of({"--secret", "id=a,src=" + file}).secrets.at("a") == "xxx");
  CHECK(offers_of({"--secret", "id=a,type=file,source=" + file}).secrets.at("a") == "xxx");
  CHECK(offers_of({"--secret", "\"id=a,b\",src=" + file}).secrets.at("a,b") == "xxx");
  CHECK(offers_of({"--secret", "id=a,env=STRATA_TEST_SECRET"}).secrets.at("a") == "value");
  CHECK(offers_of({"--secret", "type=env,id=a,src=STRATA_TEST_SECRET"}).secrets.at("a") == "value");
  CHECK(offers_of({"--secret", "id=STRATA_TEST_SECRET"}).secrets.at("STRATA_TEST_SECRET") ==
        "value");
  CHECK(offers_of({"--secret", "id=" + file}).secrets.at(file) == "xxx");
  CHECK(grants_of({"--secret", "id=a,src=" + file}).secrets == std::set<std::string>{"a"});
}

TEST_CASE("a secret that cannot be read or is too large is said") {
  Files files;
  CHECK(mistake_in({"--secret", "src=x"}) == ErrorKind::usage);
  CHECK(mistake_in({"--secret", "id"}) == ErrorKind::usage);
  CHECK(mistake_in({"--secret", "id=a,what=x"}) == ErrorKind::usage);
  CHECK(mistake_in({"--secret", "id=a,type=ssh"}) == ErrorKind::usage);
  CHECK(mistake_in({"--secret", "id=a,env=STRATA_TEST_UNSET"}) == ErrorKind::not_found);
  CHECK(mistake_in({"--secret", "id=a,src=/nowhere/at/all"}) == ErrorKind::not_found);
  CHECK(offers_of({"--secret", "id=a,src=" + files.put("full", 500 << 10)}).secrets.size() == 1);
  CHECK_THROWS_AS(offers_of({"--secret", "id=a,src=" + files.put("large", (500 << 10) + 1)}),
                  Error);
}

TEST_CASE("an agent is a socket and by default the one of the environment") {
  Files files;
  unsetenv("SSH_AUTH_SOCK");
  CHECK(mistake_in({"--ssh", "default"}) == ErrorKind::not_found);
  CHECK(mistake_in({"--ssh", "default=" + files.put("key", 1)}) == ErrorKind::usage);
  CHECK(mistake_in({"--ssh", "default=/nowhere/at/all"}) == ErrorKind::not_found);
}

TEST_CASE("an agent may be made of private keys and they alone") {
  Files files;
  const auto key = [&](const std::string& name, const std::string& kind) {
    std::ofstream(files.directory / name) << "-----BEGIN " << kind << " KEY-----\nbytes\n";
    return files.directory / name;
  };
  const std::string one = key("one", "OPENSSH PRIVATE");
  const std::string both = one + "," + key("two", "RSA PRIVATE");
  CHECK(offers_of({"--ssh", "default=" + both}).agents.contains("default"));
  CHECK(grants_of({"--ssh", "mine=" + one}).agents == std::set<std::string>{"mine"});
  CHECK(mistake_in({"--ssh", "default=" + key("public", "PUBLIC")}) == ErrorKind::usage);
  CHECK(mistake_in({"--ssh", "default=" + one + "," + files.put("x", 1)}) == ErrorKind::usage);
  CHECK(mistake_in({"--ssh", "default=" + one + ",/nowhere"}) == ErrorKind::not_found);
  CHECK_THROWS_AS(offers_of({"--ssh", "default=" + files.put("large", (100 << 10) + 1)}), Error);
}

TEST_CASE("what is allowed is taken by its name") {
  const plan::Grants grants =
      grants_of({"--allow", "network.host", "--allow", "device=v/c=1", "--allow", "device=v/d"});
  CHECK(grants.host_network);
  CHECK_FALSE(grants.insecure);
  CHECK_FALSE(grants.all_devices);
  CHECK(grants.devices == std::set<std::string>{"v/c=1", "v/d"});
  CHECK(grants_of({"--allow", "security.insecure", "--allow", "device"}).all_devices);
  for (const char* wrong : {"network", "security.sandbox", "device=", ""}) {
    CAPTURE(wrong);
    CHECK(mistake_in({"--allow", wrong}) == ErrorKind::usage);
  }
}

TEST_CASE("limits are names with one number or two") {
  const auto limits =
      limits_of({"--ulimit", "nofile=1", "--ulimit", "core=2:3", "--ulimit", "cpu=4:-1"}).resources;
  REQUIRE(limits.size() == 3);
  CHECK(limits[0] == sandbox::ResourceLimit{RLIMIT_NOFILE, 1, 1});
  CHECK(limits[1] == sandbox::ResourceLimit{RLIMIT_CORE, 2, 3});
  CHECK(limits[2] == sandbox::ResourceLimit{RLIMIT_CPU, 4, RLIM_INFINITY});
  for (const char* wrong : {"nofile", "files=1", "nofile=x", "nofile=2:1", "nofile=1:2:3", "=1"}) {
    CAPTURE(wrong);
    CHECK(mistake_in({"--ulimit", wrong}) == ErrorKind::usage);
  }
  CHECK(limits_of({"--shm-size", "1g"}).shm_size_max == 1u << 30);
  CHECK_FALSE(limits_of({}).shm_size_max);
  CHECK(mistake_in({"--shm-size", "0"}) == ErrorKind::usage);
  CHECK(mistake_in({"--shm-size", "large"}) == ErrorKind::usage);
}
