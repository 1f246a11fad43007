#include "strata/content/file_types.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "content/capability.hpp"
#include "strata/base/error.hpp"
#include "unit/content/entries.hpp"
#include "unit/scratch_directory.hpp"

using namespace strata;
using namespace strata::test;

namespace {

// cap_net_raw+ep as the kernel stores it, with revision 2 and with revision 3 and a root id.
const std::string revision_2("\x01\0\0\x02\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
const std::string revision_3("\x01\0\0\x03\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xa0\x86\x01\0", 24);

Entry look(const ScratchDirectory& scratch, const std::string& path) {
  return *entry_of_file(scratch.root(), path, *scratch.root().find_stat(path));
}

std::string host(const ScratchDirectory& scratch, const std::string& path) {
  return scratch.path() + '/' + path;
}

}  // namespace

TEST_CASE("types and mode bits belong together") {
  for (const EntryType type :
       {EntryType::file, EntryType::directory, EntryType::symlink, EntryType::character_device,
        EntryType::block_device, EntryType::fifo})
    CHECK(entry_type_of(file_type_bits(type) | 0755) == type);
  CHECK_FALSE(entry_type_of(S_IFSOCK | 0755));
  CHECK_THROWS_AS(file_type_bits(EntryType::hard_link), Error);
  CHECK_THROWS_AS(file_type_bits(EntryType::whiteout), Error);
}

TEST_CASE("a file on disk becomes the entry that a layer holds") {
  const ScratchDirectory scratch;
  scratch.write("d/f", "hello");
  REQUIRE(::chmod(host(scratch, "d/f").c_str(), 04751) == 0);
  const timespec times[2] = {{5, 0}, {1700000000, 999}};
  REQUIRE(::utimensat(scratch.fd(), "d/f", times, 0) == 0);
  Entry entry = look(scratch, "d/f");
  CHECK(entry.path == "d/f");
  CHECK(entry.type == EntryType::file);
  CHECK(entry.mode == 04751);
  CHECK(entry.uid == ::geteuid());
  CHECK(entry.mtime == 1700000000);
  CHECK(entry.size == 5);
  CHECK(entry.rare->xattrs.empty());
  CHECK_FALSE(entry.content);
  CHECK(look(scratch, "d").is_directory());
  CHECK(look(scratch, "d").size == 0);
}

TEST_CASE("links and pipes and sockets on disk") {
  const ScratchDirectory scratch;
  scratch.root().make_symlink("l", "/nowhere/at all");
  const Entry link = look(scratch, "l");
  CHECK(link.type == EntryType::symlink);
  CHECK(link.rare->link == "/nowhere/at all");
  CHECK(link.mode == 0777);
  CHECK(link.size == 0);
  REQUIRE(::mkfifo(host(scratch, "p").c_str(), 0600) == 0);
  CHECK(look(scratch, "p").type == EntryType::fifo);
  const Fd socket(::socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  host(scratch, "s").copy(name.sun_path, sizeof name.sun_path - 1);
  REQUIRE(::bind(socket.get(), reinterpret_cast<sockaddr*>(&name), sizeof name) == 0);
  CHECK_FALSE(entry_of_file(scratch.root(), "s", *scratch.root().find_stat("s")));
}

TEST_CASE("devices keep their numbers") {
  const ScratchDirectory scratch;
  if (::mknod(host(scratch, "n").c_str(), S_IFCHR | 0666, makedev(1, 3)) != 0) {
    MESSAGE("skipped: making a device node is not permitted here");
    return;
  }
  const Entry entry = look(scratch, "n");
  CHECK(entry.type == EntryType::character_device);
  CHECK(entry.rare->device_major == 1);
  CHECK(entry.rare->device_minor == 3);
}

TEST_CASE("capabilities are kept as revision 2 and other attributes are not") {
  CHECK(capability_v2(revision_3) == revision_2);
  CHECK(capability_v2(revision_2) == revision_2);
  CHECK(capability_v2("") == "");
  CHECK(capability_v2("odd") == "odd");
  const ScratchDirectory scratch;
  scratch.write("f", "x");
  const std::string path = host(scratch, "f");
  ::setxattr(path.c_str(), "user.other", "x", 1, 0);
  if (::setxattr(path.c_str(), "security.capability", revision_2.data(), revision_2.size(), 0) !=
      0) {
    MESSAGE("skipped: setting file capabilities is not permitted here");
    return;
  }
  const Entry entry = look(scratch, "f");
  REQUIRE(entry.rare->xattrs.size() == 1);
  CHECK(entry.rare->xattrs[0] == Xattr{"security.capability", revision_2});
}

TEST_CASE("a capability with a root id loses it") {
  const ScratchDirectory scratch;
  scratch.write("f", "x");
  if (::setxattr(host(scratch, "f").c_str(), "security.capability", revision_3.data(),
                 revision_3.size(), 0) != 0) {
    MESSAGE("skipped: setting file capabilities is not permitted here");
    return;
  }
  const Entry entry = look(scratch, "f");
  REQUIRE(entry.rare->xattrs.size() == 1);
  CHECK(entry.rare->xattrs[0].value == revision_2);
}
