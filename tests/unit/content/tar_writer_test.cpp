/// What is written, read again by us and by three programs of other origin.

#include <doctest/doctest.h>

#include <cstdlib>

#include "strata/base/error.hpp"
#include "strata/content/archive.hpp"
#include "unit/content/entries.hpp"
#include "unit/content/random_files.hpp"
#include "unit/content/tars.hpp"
#include "unit/scratch_directory.hpp"

using namespace strata;
using namespace strata::test;

namespace {

using Members = std::vector<std::pair<Entry, std::string>>;

Entry owned(Entry entry, std::uint32_t uid, std::uint32_t gid, std::int64_t mtime) {
  entry.uid = uid;
  entry.gid = gid;
  entry.mtime = mtime;
  return entry;
}

Entry with_xattr(Entry entry, std::string name, std::string value) {
  entry.rare.edit().xattrs.push_back({std::move(name), std::move(value)});
  return entry;
}

Entry block_device(std::string path) {
  Entry entry = device(std::move(path), 259, 1048575);
  entry.type = EntryType::block_device;
  return entry;
}

// All that a header can and cannot say, in an order in which it can be unpacked.
Members difficult_members() {
  const std::string deep = std::string(90, 'a') + '/' + std::string(60, 'b') + '/';
  const auto bytes = [](Entry entry, const std::string& data) {
    entry.size = data.size();
    entry.content = ContentDigest(Digest::of(data));
    return std::pair(std::move(entry), data);
  };
  return {
      {owned(directory("", 0755), 1, 2, 3), ""},
      {directory("dir", 01777), ""},
      bytes(owned(file("dir/plain"), 1000, 100, 1700000000), "hello"),
      bytes(file("empty", "", 0), ""),
      bytes(file("setuid", "", 06755), std::string(512, 's')),
      bytes(owned(file("rich"), 2097152, 2147483647, -5), "x"),
      bytes(owned(file("future"), 2097151, 2097151, 8589934592), "x"),
      bytes(file(std::string(100, 'h')), "hundred"),
      bytes(file(std::string(101, 'h')), "more than a hundred"),
      bytes(file(deep + std::string(100, 'c')), "split in two"),
      bytes(file(deep + std::string(101, 'c')), "cannot be split"),
      {directory(deep + std::string(99, 'd')), ""},
      bytes(file("gr\xc3\xbc\xc3\x9f"
                 "e"),
            "not ASCII"),
      bytes(file("line\nfeed and blank"), "odd"),
      bytes(with_xattr(file("capable"), "security.capability", std::string("\1\0\0\2=\n", 6)), "x"),
      {soft_link("link", "../dir/plain"), ""},
      {soft_link("long link", std::string(101, 't')), ""},
      {soft_link("foreign link", "\xc3\xa4"), ""},
      {hard_link("second", "dir/plain"), ""},
      {device("null", 1, 3), ""},
      {block_device("disk"), ""},
      {entry_of(EntryType::fifo, "pipe", 0600), ""},
  };
}

std::string lines_of(const Members& members) {
  std::string text;
  for (const auto& [entry, data] : members) text += line_of(entry) + ' ' + data + '\n';
  return text;
}

std::string lines_as_read(const std::string& tar) {
  Members members = read_tar(tar);
  for (auto& [entry, data] : members)
    if (entry.is_file()) entry.content = ContentDigest(Digest::of(data));
  return lines_of(members);
}

// What Python's tarfile, a reader of quite another origin, finds in a tar; one line a member.
std::string lines_of_python(const std::string& tar_path) {
  const std::string script = R"py(
import sys, tarfile
types = {b'0': 'file', b'5': 'directory', b'2': 'symbolic link', b'1': 'hard link',
         b'3': 'character device', b'4': 'block device', b'6': 'fifo'}
with tarfile.open(sys.argv[1], 'r:', encoding='utf-8', errors='surrogateescape') as tar:
    for m in tar:
        x = ''.join(' %s=%s' % (k[13:], v.encode('utf-8', 'surrogateescape').hex())
                    for k, v in sorted(m.pax_headers.items()) if k.startswith('SCHILY.xattr.'))
        name = m.name if m.name != '.' else ''
        line = '/%s | %s %04o %d:%d @%d #%d%s%s%s%s\n' % (
            name, types[m.type], m.mode, m.uid, m.gid, m.mtime, m.size if m.isreg() else 0,
            ' -> ' + m.linkname if m.linkname else '',
            ' dev %d:%d' % (m.devmajor, m.devminor) if m.devmajor else '', x,
            ' ' + tar.extractfile(m).read().decode() if m.isreg() else ' ')
        sys.stdout.buffer.write(line.encode('utf-8', 'surrogateescape'))
)py";
  const ScratchDirectory scratch;
  scratch.write("script", script);
  const std::string out = scratch.path() + "/out";
  const std::string command =
      cat("python3 ", scratch.path(), "/script ", tar_path, " > ", out, " 2>&1");
  if (std::system(command.c_str()) != 0) return "python3 failed: " + scratch.read("out");
  return scratch.read("out");
}

bool has_python() { return std::system("python3 -c 'import tarfile' 2>/dev/null") == 0; }

std::size_t blocks_of(const Entry& entry) {
  return write_tar({{entry, ""}}).size() / tar_block_size;
}

}  // namespace

TEST_CASE("what is written is read back the same") {
  const Members members = difficult_members();
  CHECK(lines_as_read(write_tar(members)) == lines_of(members));
}

TEST_CASE("random members are written and read back the same") {
  for (unsigned seed = 0; seed < 2'000; ++seed) {
    RandomFiles random(seed);
    Members members;
    const Tree tree = random.layer({});
    for (const Entry& entry : tree.entries()) {
      const std::string data = entry.is_file() ? std::string(random.dice().roll(1500), 'x') : "";
      members.emplace_back(entry, data);
      if (entry.is_file()) members.back().first.size = data.size();
      if (entry.is_file()) members.back().first.content = ContentDigest(Digest::of(data));
    }
    const bool is_same = lines_as_read(write_tar(members)) == lines_of(members);
    CHECK_MESSAGE(is_same, "seed " << seed);
    if (!is_same) break;
  }
}

TEST_CASE("Python reads what is written as it was meant") {
  if (!has_python()) {
    MESSAGE("skipped: there is no python3 to read with");
    return;
  }
  Members members = difficult_members();
  const ScratchDirectory scratch;
  scratch.write("tar", write_tar(members));
  std::string expected;
  for (auto& [entry, data] : members) {
    entry.content.reset();
    expected += line_of(entry) + ' ' + data + '\n';
  }
  CHECK(lines_of_python(scratch.path() + "/tar") == expected);
}

TEST_CASE("libarchive reads what is written as it was meant") {
  Members members = difficult_members();
  StringSource source(write_tar(members));
  ArchiveReader reader(source, "a test");
  for (const auto& [expected, bytes] : members) {
    auto entry = reader.next();
    REQUIRE(entry);
    std::string data(entry->size, '\0');
    CHECK(reader.read_data(data) == data.size());
    if (entry->is_file()) entry->content = ContentDigest(Digest::of(data));
    CHECK(line_of(*entry) == line_of(expected));
    CHECK(data == bytes);
  }
  CHECK_FALSE(reader.next());
}

TEST_CASE("GNU tar unpacks what is written") {
  const ScratchDirectory scratch;
  Members members = difficult_members();
  std::erase_if(members, [](const auto& member) { return member.first.mtime < 0; });
  scratch.write("tar", write_tar(members));
  const std::string command = cat("cd ", scratch.path(),
                                  " && mkdir out && tar --no-same-owner --no-same-permissions "
                                  "--exclude=disk --exclude=null -xf tar -C out 2>/dev/null");
  REQUIRE(std::system(command.c_str()) == 0);
  for (const auto& [entry, data] : members)
    if (entry.is_file()) CHECK(scratch.read("out/" + entry.path) == data);
  CHECK(scratch.root().find_stat("out/second")->st_ino ==
        scratch.root().find_stat("out/dir/plain")->st_ino);
}

TEST_CASE("a pax header is written only where ustar cannot say it") {
  // One block for the header and two for the trailer; two more for a pax header and its records.
  const std::string prefix = std::string(155, 'p') + '/';
  CHECK(blocks_of(file("a")) == 3);
  CHECK(blocks_of(file(std::string(100, 'a'))) == 3);
  CHECK(blocks_of(file(std::string(101, 'a'))) == 5);
  CHECK(blocks_of(file(prefix + std::string(100, 'a'))) == 3);
  CHECK(blocks_of(file(prefix + std::string(101, 'a'))) == 5);
  CHECK(blocks_of(file('p' + prefix + std::string(100, 'a'))) == 5);
  CHECK(blocks_of(directory(prefix + std::string(99, 'a'))) == 3);
  CHECK(blocks_of(directory(prefix + std::string(100, 'a'))) == 5);
  CHECK(blocks_of(owned(file("a"), 2097151, 2097151, 8589934591)) == 3);
  CHECK(blocks_of(owned(file("a"), 2097152, 0, 0)) == 5);
  CHECK(blocks_of(owned(file("a"), 0, 2097152, 0)) == 5);
  CHECK(blocks_of(owned(file("a"), 0, 0, 8589934592)) == 5);
  CHECK(blocks_of(owned(file("a"), 0, 0, -1)) == 5);
  CHECK(blocks_of(soft_link("a", std::string(100, 'l'))) == 3);
  CHECK(blocks_of(soft_link("a", std::string(101, 'l'))) == 5);
  CHECK(blocks_of(file("\xc3\xa4")) == 5);
}

TEST_CASE("the bytes are a function of the entries") {
  CHECK(write_tar(difficult_members()) == write_tar(difficult_members()));
  // This digest may change only with a reason that outweighs every cache and every layer stored.
  CHECK(Digest::of(write_tar(difficult_members())).hex() ==
        "b34a13f36004472a0eede4292cb0557e95b7ca1abf60641009d4e12240935f77");
}

TEST_CASE("sizes beyond eight gibibytes stand in a pax record") {
  // Only the header is looked at: the data are never made.
  struct Stop {};
  StringSink head;
  CallbackSink out([&](std::string_view bytes) {
    if (head.text().size() > 4096) throw Stop();
    head.write(bytes);
  });
  class Zeros : public Source {
    std::size_t read(std::span<char> buffer) override { return buffer.size(); }
  } zeros;
  Entry entry = file("large");
  entry.size = 1ull << 33;
  CHECK_THROWS_AS(TarWriter(out).add(entry, &zeros), Stop);
  CHECK(head.text().find("19 size=8589934592\n") == 512);
  StringSource source(head.text());
  CHECK(TarReader(source).next()->size == 1ull << 33);
}

TEST_CASE("whiteouts and opaque marks are empty files of the names the specification gives") {
  const std::string bytes = write_tar({{whiteout("d/gone"), ""}, {opaque("d"), ""}});
  CHECK(bytes.substr(0, 11) == std::string("d/.wh.gone\0", 11));
  CHECK(bytes.substr(512, 15) == std::string("d/.wh..wh..opq\0", 15));
  CHECK(bytes.substr(100, 48) == bytes.substr(612, 48));
  CHECK(bytes.substr(100, 8) == std::string("0000000\0", 8));
}

TEST_CASE("a real name that looks like a whiteout is refused") {
  for (const std::string name : {".wh.a", "d/.wh.a", ".wh.d/a", "d/.wh..wh..opq"})
    CHECK_THROWS_AS(write_tar({{file(name), ""}}), Error);
  CHECK_NOTHROW(write_tar({{file("a.wh.b"), ""}}));
}

TEST_CASE("a file that is longer or shorter than its entry says is an error") {
  Entry entry = file("a");
  entry.size = 5;
  CHECK_THROWS_AS(write_tar({{entry, "four"}}), Error);
  CHECK_THROWS_AS(write_tar({{entry, "sixsix"}}), Error);
  CHECK_NOTHROW(write_tar({{entry, "fives"}}));
}
