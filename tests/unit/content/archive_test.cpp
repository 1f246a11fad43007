#include "strata/content/archive.hpp"

#include <doctest/doctest.h>

#include <clocale>

#include "strata/base/error.hpp"
#include "unit/content/entries.hpp"
#include "unit/content/streams.hpp"
#include "unit/content/tars.hpp"

using namespace strata;
using namespace strata::test;

namespace {

struct Member {
  Entry entry;
  std::string data;
};

std::vector<Member> read_archive(std::string_view bytes, std::size_t piece = 1 << 20) {
  DribblingSource in(bytes, piece);
  ArchiveReader reader(in, "the archive");
  std::vector<Member> members;
  while (auto entry = reader.next()) {
    std::string data(entry->size, '\0');
    std::size_t filled = 0;
    while (filled < data.size()) filled += reader.read_data(std::span(data).subspan(filled));
    CHECK(reader.read_data(data) == 0);
    members.push_back({std::move(*entry), std::move(data)});
  }
  return members;
}

std::vector<std::string> names_in(std::string_view bytes) {
  std::vector<std::string> names;
  for (const Member& member : read_archive(bytes)) names.push_back(member.entry.path);
  return names;
}

bool is_archive_of(std::string_view bytes) {
  ViewSource in(bytes);
  return is_archive(in);
}

const std::string latin_name = "gr\xfc\xdf";
const std::string utf8_name = "gr\xc3\xbc\xc3\x9f";

// Whatever locale a program that uses the library has chosen.
class Locale {
 public:
  explicit Locale(const char* name) : before_(std::setlocale(LC_ALL, nullptr)) {
    is_set_ = std::setlocale(LC_ALL, name) != nullptr;
  }
  ~Locale() { std::setlocale(LC_ALL, before_.c_str()); }
  bool is_set() const { return is_set_; }

 private:
  std::string before_;
  bool is_set_ = false;
};

}  // namespace

TEST_CASE("names come through as their bytes in every locale and dialect") {
  for (const char* name : {"C", "C.UTF-8", "de_DE.ISO-8859-1", "ja_JP.EUC-JP"}) {
    const Locale locale(name);
    if (!locale.is_set()) continue;
    for (const std::string& word : {latin_name, utf8_name, std::string("\xff\xfe\x01")}) {
      CAPTURE(name);
      CHECK(names_in(raw({.name = word}) + trailer)[0] == word);
      CHECK(names_in(pax({{"path", word}}) + raw({}) + trailer)[0] == word);
      CHECK(names_in(raw({.type = 'L', .data = word}) + raw({}) + trailer)[0] == word);
      const auto hard = read_archive(raw({.name = word}) +
                                     raw({.name = "h", .type = '1', .link = word}) + trailer);
      CHECK(hard[1].entry.rare->link == word);
    }
  }
}

TEST_CASE("a pax link target is taken as it is or refused and never lost") {
  for (const char type : {'1', '2'}) {
    const auto link_to = [type](const std::string& target) {
      return pax({{"linkpath", target}}) + raw({.name = "link", .type = type, .link = "x"}) +
             trailer;
    };
    const auto members = read_archive(raw({.name = utf8_name}) + link_to(utf8_name));
    CHECK(members[1].entry.rare->link == utf8_name);
    CHECK_THROWS_AS(read_archive(link_to(latin_name)), Error);
  }
  CHECK_THROWS_AS(read_archive(raw({.type = '2'}) + trailer), Error);
}

TEST_CASE("every compression that ADD knows is read in this process") {
  const std::string tar = write_tar({{file("a"), ""}, {directory("d"), ""}});
  CHECK(names_in(tar) == std::vector<std::string>{"a", "d"});
  for (const std::string program : {"gzip", "bzip2", "xz", "zstd", "lz4"}) {
    if (!has_program(program)) continue;
    const std::string packed = filtered(program + " -c", tar);
    CHECK_MESSAGE(names_in(packed) == std::vector<std::string>({"a", "d"}), program);
    CHECK_MESSAGE(is_archive_of(packed), program);
    CHECK_MESSAGE(is_archive_of(packed.substr(0, 4096)), program);
  }
}

TEST_CASE("what is no tar is no archive") {
  CHECK_FALSE(is_archive_of(""));
  CHECK_FALSE(is_archive_of("some text"));
  CHECK_FALSE(is_archive_of(std::string(10'240, '\0')));
  CHECK_FALSE(is_archive_of(filtered("gzip -c", "some text, packed")));
  CHECK_FALSE(is_archive_of(filtered("gzip -c", "")));
  CHECK_FALSE(is_archive_of(std::string("PK\3\4") + std::string(600, 'z')));
  CHECK_FALSE(
      is_archive_of("!<arch>\nfile/           0           0     0     644     1         `\nx\n"));
  CHECK_FALSE(is_archive_of("070701" + std::string(600, '0')));
  CHECK(is_archive_of(raw({.name = "a"})));
}

TEST_CASE("sparse files come with their holes filled") {
  const ScratchDirectory scratch;
  const std::string command = cat(
      "cd ", scratch.path(),
      " && truncate -s 300000 sparse && printf middle | dd of=sparse bs=1 seek=100000 conv=notrunc "
      "2>/dev/null && tar --sparse -cf out.tar sparse && tar --sparse --format=posix -cf pax.tar "
      "sparse");
  REQUIRE(std::system(command.c_str()) == 0);
  std::string expected(300'000, '\0');
  expected.replace(100'000, 6, "middle");
  for (const char* name : {"out.tar", "pax.tar"}) {
    const std::string tar = read_all(scratch.root().open_file(name).get(), 1 << 20, name);
    const auto members = read_archive(tar);
    REQUIRE(members.size() == 1);
    CHECK(members[0].entry.path == "sparse");
    CHECK(members[0].entry.size == 300'000);
    CHECK(members[0].data == expected);
  }
}

TEST_CASE("archives of GNU tar in all its formats say the same") {
  const ScratchDirectory scratch;
  scratch.write("in/dir/file", "hello");
  scratch.root().make_symlink("in/link", "dir/file");
  scratch.root().make_hard_link("in/second", "in/dir/file");
  std::string first;
  for (const std::string format : {"v7", "oldgnu", "gnu", "ustar", "posix"}) {
    const std::string command =
        cat("cd ", scratch.path(),
            "/in && tar --sort=name --mtime=@5 --owner=7 --group=8 --format=", format, " -cf ../",
            format, ".tar .");
    REQUIRE(std::system(command.c_str()) == 0);
    std::string text;
    for (const Member& member : read_archive(scratch.read(format + ".tar")))
      text += line_of(member.entry) + ' ' + member.data + '\n';
    if (first.empty()) first = text;
    CHECK(text == first);
  }
  CHECK(first.find("/dir/file | file 0644 7:8 @5 #5 hello\n") != first.npos);
  CHECK(first.find("/second | hard link 0000 0:0 @0 #0 -> dir/file") != first.npos);
}

TEST_CASE("an archive that climbs out or lies about its owner is refused") {
  for (const std::string& bad :
       {raw({.name = "../a"}), raw({.name = "a/../../b"}), raw({.type = '1', .link = "../b"}),
        pax({{"uid", "4294967296"}}) + raw({}), raw({.name = "./", .type = '2', .link = "x"})})
    CHECK_THROWS_AS(read_archive(bad + trailer), Error);
}

TEST_CASE("an archive that climbs out is an archive nonetheless") {
  CHECK(is_archive_of(raw({.name = "../a"}) + trailer));
}

TEST_CASE("dots that stay inside an archive are resolved") {
  const auto names = names_in(raw({.name = "a/../b"}) + raw({.name = "c/d/../../e"}) +
                              raw({.name = "/../f"}) + trailer);
  CHECK(names == std::vector<std::string>{"b", "e", "f"});
}

TEST_CASE("attributes of an archive are kept but for orders to overlayfs") {
  const auto members = read_archive(pax({{"SCHILY.xattr.user.b", "2"},
                                         {"SCHILY.xattr.security.capability", "1"},
                                         {"SCHILY.xattr.trusted.overlay.opaque", "y"}}) +
                                    raw({}) + trailer);
  const std::vector<Xattr> expected{{"security.capability", "1"}, {"user.b", "2"}};
  CHECK(members.at(0).entry.rare->xattrs == expected);
  const std::string big(70'000, 'x');
  CHECK_THROWS_AS(read_archive(pax({{"SCHILY.xattr.user.b", big}}) + raw({}) + trailer), Error);
}

TEST_CASE("whiteout names are ordinary names in an archive") {
  const auto names = names_in(raw({.name = ".wh.a"}) + raw({.name = "d/.wh..wh..opq"}) + trailer);
  CHECK(names == std::vector<std::string>{".wh.a", "d/.wh..wh..opq"});
}

TEST_CASE("damage is reported with the name of the archive") {
  const std::string tar = write_tar({{file("a"), ""}, {file("b"), ""}});
  std::string packed = filtered("gzip -c", tar + noise(100'000));
  packed.resize(packed.size() / 2);
  CHECK_THROWS_WITH_AS(read_archive(packed), doctest::Contains("the archive"), Error);
  CHECK_THROWS_AS(read_archive("no tar at all, but a text"), Error);
}

TEST_CASE("an error of the source comes through as it was") {
  class Broken : public Source {
    std::size_t read(std::span<char>) override { fail(ErrorKind::unreachable, "gone"); }
  } broken;
  try {
    ArchiveReader reader(broken, "x");
    reader.next();
    FAIL("nothing was thrown");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::unreachable);
  }
}

TEST_CASE("an archive written is read back and is the same every time") {
  const auto write = [] {
    StringSink out;
    ArchiveWriter writer(out);
    writer.add_directory("blobs");
    writer.add_file("blobs/one", "content");
    ViewSource data("more");
    writer.add_file("blobs/two", data, 4);
    writer.add_symlink("link", "blobs/one");
    writer.finish();
    return out.take();
  };
  CHECK(write() == write());
  const auto members = read_archive(write());
  REQUIRE(members.size() == 4);
  CHECK(line_of(members[0].entry) == line_of(directory("blobs")));
  CHECK(members[1].data == "content");
  CHECK(members[2].data == "more");
  CHECK(line_of(members[3].entry) == line_of(soft_link("link", "blobs/one")));
}
