#include "strata/exec/users.hpp"

#include <doctest/doctest.h>

#include <map>

#include "strata/base/error.hpp"

using namespace strata;
using namespace strata::exec;

namespace {

constexpr std::string_view passwd =
    "root:x:0:0:root:/root:/bin/sh\n"
    "# a comment\n"
    "\n"
    "broken line\n"
    "huge:x:4294967296:1::/:\n"
    "ann:x:1000:1001:Ann:/home/ann:/bin/sh\n"
    "1234:x:77:78::/odd:/bin/sh\n"
    "nohome:x:5:6";
constexpr std::string_view group =
    "root:x:0:\n"
    "wheel:x:10:root,ann\n"
    "ann:x:1001:\n"
    "video:x:44:ann\n"
    "twice:x:44:ann\n";

std::optional<std::string> read(std::string_view path) {
  if (path == "etc/passwd") return std::string(passwd);
  if (path == "etc/group") return std::string(group);
  return std::nullopt;
}

std::optional<std::string> read_nothing(std::string_view) { return std::nullopt; }

struct UserCase {
  std::string_view text;
  sandbox::Identity identity;
  std::string_view home;
};

const UserCase user_cases[]{
    {"", {0, 0, {10}}, "/root"},
    {"root", {0, 0, {10}}, "/root"},
    {"ann", {1000, 1001, {10, 44}}, "/home/ann"},
    {"1000", {1000, 1001, {10, 44}}, "/home/ann"},
    {"ann:video", {1000, 44, {}}, "/home/ann"},
    {"ann:7", {1000, 7, {}}, "/home/ann"},
    {"1000:1000", {1000, 1000, {}}, "/home/ann"},
    {"4242", {4242, 0, {}}, "/"},
    {"4242:video", {4242, 44, {}}, "/"},
    {"1234", {1234, 0, {}}, "/"},
    {"nohome", {5, 6, {}}, "/"},
    {":video", {0, 44, {}}, "/root"},
};

ErrorKind kind_of_failure(std::string_view user) {
  try {
    resolve_user(user, read);
  } catch (const Error& error) {
    return error.kind();
  }
  return ErrorKind::system;
}

}  // namespace

TEST_CASE("users are looked up as Docker does") {
  for (const UserCase& each : user_cases) {
    CAPTURE(each.text);
    const auto user = resolve_user(each.text, read);
    CHECK(user.identity == each.identity);
    CHECK(user.home == each.home);
  }
}

TEST_CASE("a file system without accounts knows numbers alone") {
  CHECK(resolve_user("", read_nothing).identity == sandbox::Identity{});
  CHECK(resolve_user("12:34", read_nothing).identity == sandbox::Identity{12, 34, {}});
  CHECK_THROWS_AS(resolve_user("ann", read_nothing), Error);
}

TEST_CASE("unknown names and numbers out of range are errors") {
  CHECK(kind_of_failure("bob") == ErrorKind::not_found);
  CHECK(kind_of_failure("ann:bobs") == ErrorKind::not_found);
  CHECK(kind_of_failure("2147483648") == ErrorKind::dockerfile);
  CHECK(kind_of_failure("0:99999999999999999999") == ErrorKind::dockerfile);
  CHECK(kind_of_failure("-1") == ErrorKind::not_found);
  CHECK(kind_of_failure("huge") == ErrorKind::not_found);
}

TEST_CASE("an owner that is one number is the group too") {
  const auto owner = [](std::string_view text) {
    const Owner resolved = resolve_owner(text, read);
    return std::pair(resolved.uid, resolved.gid);
  };
  CHECK(owner("55") == std::pair(55u, 55u));
  CHECK(owner("1000") == std::pair(1000u, 1000u));
  CHECK(owner("ann") == std::pair(1000u, 1001u));
  CHECK(owner("ann:video") == std::pair(1000u, 44u));
  CHECK(owner("55:wheel") == std::pair(55u, 10u));
  CHECK(owner("55:66") == std::pair(55u, 66u));
  CHECK_THROWS_AS(resolve_owner("bob", read), Error);
  CHECK_THROWS_AS(resolve_owner("ann:bobs", read), Error);
}

TEST_CASE("an owner who is not there can be root instead") {
  const auto owner = [](std::string_view text) {
    const Owner resolved = resolve_owner(text, read, UnknownName::root);
    return std::pair(resolved.uid, resolved.gid);
  };
  CHECK(owner("bob") == std::pair(0u, 0u));
  CHECK(owner("ann:bobs") == std::pair(1000u, 1001u));
  CHECK(owner("bob:video") == std::pair(0u, 44u));
  CHECK(owner("ann") == std::pair(1000u, 1001u));
}
