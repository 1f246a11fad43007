#include "strata/registry/credentials.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>

#include "strata/base/error.hpp"
#include "strata/base/file.hpp"
#include "strata/base/text.hpp"
#include "unit/scratch_directory.hpp"

using namespace strata;
using namespace strata::registry;
using strata::test::ScratchDirectory;

namespace {

struct Files {
  ScratchDirectory directory;
  std::string path(const std::string& name) const { return directory.path() + "/" + name; }
  std::string write(const std::string& name, std::string_view text) const {
    std::ofstream(path(name)) << text;
    return path(name);
  }
};

std::string auth(std::string_view pair) { return to_base64(pair); }

}  // namespace

TEST_CASE("the key that names the longest part of a registry counts") {
  const Files files;
  const Keyring keyring(
      {{files.write("auth.json", cat(R"({"auths":{"a.example":{"auth":")", auth("u:whole"),
                                     R"("},"a.example/team":{"auth":")", auth("u:team"),
                                     R"("},"a.example/team/app":{},"a.example:5":{"auth":")",
                                     auth("u:port"), R"("}}})"))},
       "",
       {}});
  CHECK(keyring.find("a.example", "other")->secret == "whole");
  CHECK(keyring.find("a.example", "team/app")->secret == "team");
  CHECK(keyring.find("a.example", "teamster")->secret == "whole");
  CHECK(keyring.find("a.example:5", "x")->secret == "port");
  CHECK_FALSE(keyring.find("a.example:6", "x"));
  CHECK_FALSE(keyring.find("b.a.example", "x"));
}

TEST_CASE("the hub has its own key and URLs count by their host") {
  const Files files;
  const std::string path = files.write(
      "config.json", cat(R"({"auths":{"https://index.docker.io/v1/":{"auth":")", auth("me:hub:x"),
                         R"("},"https://b.example/v2/":{"username":"u","password":"p"},)",
                         R"("c.example":{"auth":")", auth("u:"), R"(","identitytoken":"t"}}})"));
  const Keyring keyring({{files.path("absent"), path}, "", {}});
  CHECK(keyring.find("docker.io", "library/x") == Credentials{"me", "hub:x"});
  CHECK(keyring.find("b.example", "x") == Credentials{"u", "p"});
  CHECK(keyring.find("c.example", "x") == Credentials{"u", "t", true});
}

TEST_CASE("put keeps what else is in the file and makes it its owner's alone") {
  const Files files;
  const std::string path =
      files.write("config.json", R"({"HttpHeaders":{"a":"b"},"auths":{"docker.io":{}}})");
  ::chmod(path.c_str(), 0644);
  const Keyring keyring({{path}, path, {}});
  CHECK(keyring.put("docker.io", {"me", "pa:ss"}) == path);
  CHECK(keyring.find("docker.io", "x") == Credentials{"me", "pa:ss"});
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  CHECK((info.st_mode & 07777) == 0600);
  const std::string text = read_host_file(path, 10'000);
  CHECK(text.find("HttpHeaders") != text.npos);
  CHECK(text.find("\"docker.io\"") == text.npos);  // one entry, under the key that all tools know
  CHECK(keyring.remove("docker.io"));
  CHECK_FALSE(keyring.remove("docker.io"));
  CHECK_FALSE(keyring.find("docker.io", "x"));
}

TEST_CASE("a first login makes the directory") {
  const Files files;
  const std::string path = files.path("new/deep/config.json");
  const Keyring keyring({{path}, path, {}});
  keyring.put("a.example", {"u", "p"});
  CHECK(keyring.find("a.example", "x") == Credentials{"u", "p"});
  CHECK_THROWS_AS(Keyring({{}, "", {}}).put("a.example", {"u", "p"}), Error);
}

TEST_CASE("malformed files and helpers are errors that name the file") {
  const Files files;
  for (const char* text : {"{", "[]", R"({"auths":[]})", R"({"auths":{"a.example":{"auth":"%"}}})",
                           R"({"auths":{"a.example":{"auth":"bm9jb2xvbg=="}}})",
                           R"({"credsStore":"../x"})", R"({"credHelpers":{"a.example":"a/b"}})"}) {
    const std::string path = files.write("config.json", text);
    CAPTURE(text);
    try {
      const Keyring keyring({{path}, "", {}});
      keyring.find("a.example", "x");
      FAIL_CHECK("no error");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::corrupt);
      CHECK(error.message().find("config.json") != std::string::npos);
    }
  }
}

TEST_CASE("an entry is the base 64 of a user and a password with whatever stands in them") {
  const Files files;
  const auto found = [&](const std::string& packed) {
    const std::string path =
        files.write("config.json", cat(R"({"auths":{"a.example":{"auth":")", packed, R"("}}})"));
    return Keyring({{path}, "", {}}).find("a.example", "x");
  };
  for (const std::string& secret : {std::string("p"), std::string("pa"), std::string("pas"),
                                    std::string(": :"), std::string("p\xc3\xa4ss\x01\xff"),
                                    std::string("\xfb\xff\xbf?>~"), std::string(300, 's')}) {
    const std::string packed = auth("me:" + secret);
    CAPTURE(packed);
    CHECK(found(packed) == Credentials{"me", secret});
    CHECK(found(std::string(trim(packed, "="))) == Credentials{"me", secret});
    // As `base64` breaks lines; Docker passes over them.
    const std::string broken = cat(packed.substr(0, 4), "\\r\\n", packed.substr(4), "\\n");
    CHECK(found(broken) == Credentials{"me", secret});
  }
  CHECK(found(auth(std::string_view("me:p\0\0", 6))) == Credentials{"me", "p"});
  CHECK(found(auth(":p")) == Credentials{"", "p"});
  CHECK_FALSE(found(auth("me:")));
  CHECK_FALSE(found(""));
  for (const char* packed : {"bWU6c", "bW U6cA==", "bWU6cA==bWU6cA==", "bWU6_w==", "="}) {
    CAPTURE(packed);
    CHECK_THROWS_AS(found(packed), Error);
  }
}

TEST_CASE("a helper is asked by its input and its absence of an answer is none") {
  const Files files;
  const std::string program = files.write("docker-credential-it", R"(#!/bin/sh
read server
case "$1 $server" in
  "get a.example") echo '{"ServerURL":"a.example","Username":"<token>","Secret":"s"}' ;;
  "get b.example") echo "credentials not found in native keychain"; exit 1 ;;
  *) echo "the keychain is locked"; exit 3 ;;
esac
)");
  ::chmod(program.c_str(), 0755);
  const std::string path = files.write("config.json", R"({"credsStore":"it"})");
  const Keyring keyring({{path}, path, {cat("PATH=", files.directory.path(), ":/usr/bin:/bin")}});
  CHECK(keyring.find("a.example", "x") == Credentials{"<token>", "s", true});
  CHECK_FALSE(keyring.find("b.example", "x"));
  try {
    keyring.find("c.example", "x");
    FAIL_CHECK("no error");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::denied);
    CHECK(error.message().find("the keychain is locked") != std::string::npos);
  }
}
