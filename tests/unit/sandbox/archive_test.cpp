#include "sandbox/archive.hpp"

#include <doctest/doctest.h>

#include "sandbox/describe.hpp"

using namespace strata;
using namespace strata::sandbox;

namespace {

Spec full_spec() {
  Spec spec;
  spec.rootfs = {{"/a", "/b"}, "/upper", "/work", true};
  spec.scratch_dir = "/scratch";
  Mount mount;
  mount.kind = Mount::Kind::file;
  mount.source = "source";
  mount.source_fd = 7;
  mount.layers = {{"/c", "/d"}, "/over", "/works"};
  mount.subpath = "part";
  mount.target = "/target";
  mount.read_only = true;
  mount.no_exec = true;
  mount.content = std::string("\0bytes\xff", 7);
  mount.mode = 0640;
  mount.uid = 1;
  mount.gid = 2;
  mount.size_max = 1ULL << 40;
  spec.mounts = {mount, Mount{}};
  spec.devices = {{"/dev/x", S_IFBLK | 0600, 7, 8, 9}};
  spec.shm_size_max = 1;
  spec.argv = {"sh", "-c", ""};
  spec.env = {"A=b"};
  spec.cwd = "/work";
  spec.identity = {4294967294U, 3, {4, 5}};
  spec.network = Network::none;
  spec.hostname = "name";
  spec.extra_hosts = {{"host", "::1"}};
  spec.privileged = true;
  spec.tty = true;
  spec.pids_max = 500;
  spec.limits = {{1, 2, 3}};
  return spec;
}

}  // namespace

TEST_CASE("a spec survives the way to the sandbox") {
  CHECK(decode<Spec>(encode(full_spec())) == full_spec());
  CHECK(decode<Spec>(encode(Spec{})) == Spec{});
}

TEST_CASE("a spec cut short anywhere is an error") {
  const std::string bytes = encode(full_spec());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK_THROWS_AS(decode<Spec>(bytes.substr(0, size)), Error);
  }
}

TEST_CASE("a failure inside is the same error outside") {
  const Message message =
      decode_message(encode_message(Failed{ErrorKind::denied, "no", {"while trying", "twice"}}));
  try {
    throw_failure(std::get<Failed>(message));
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::denied);
    CHECK(error.message() == "no");
    CHECK(error.notes() == std::vector<std::string>{"while trying", "twice"});
  }
  CHECK_THROWS_AS(decode_message(std::string(8, '\x7f')), Error);
}
