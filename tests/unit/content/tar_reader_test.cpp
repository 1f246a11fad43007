/// Tars by hand: every dialect and every lie that a layer may bring.

#include <doctest/doctest.h>

#include "strata/base/error.hpp"
#include "unit/content/entries.hpp"
#include "unit/content/random_files.hpp"
#include "unit/content/tars.hpp"

using namespace strata;
using namespace strata::test;

namespace {

// True if reading ends in Error corrupt, whatever was given before.
bool is_refused(const std::string& bytes) {
  try {
    read_tar(bytes);
    return false;
  } catch (const Error& error) {
    return error.kind() == ErrorKind::corrupt;
  }
}

std::string numbered(std::string member, TarField field, std::string_view digits) {
  member.replace(field.offset, field.size,
                 std::string(digits).append(field.size - digits.size(), '\0'));
  // The checksum is told again by making it the only unknown.
  TarBlock block;
  std::copy_n(member.begin(), block.size(), block.begin());
  std::fill_n(block.begin() + tar_field::checksum.offset, tar_field::checksum.size, ' ');
  unsigned sum = 0;
  for (const char byte : block) sum += static_cast<unsigned char>(byte);
  char text[8];
  std::snprintf(text, sizeof text, "%06o", sum);
  member.replace(tar_field::checksum.offset, 7, text, 7);
  return member;
}

}  // namespace

TEST_CASE("a name comes from the header or its prefix or a pax record or a GNU long name") {
  const std::string name(200, 'n');
  CHECK(read_one(raw({.name = "a/b"})).path == "a/b");
  CHECK(read_one(raw({.name = "b", .prefix = "deep/a"})).path == "deep/a/b");
  CHECK(read_one(pax({{"path", name}}) + raw({})).path == name);
  CHECK(read_one(raw({.type = 'L', .data = name + '\0'}) + raw({})).path == name);
  CHECK(read_one(pax({{"path", ""}}) + raw({.name = "kept"})).path == "kept");
}

TEST_CASE("names are cleaned to root paths") {
  CHECK(read_one(raw({.name = "./a//b/./c"})).path == "a/b/c");
  CHECK(read_one(raw({.name = "/etc/passwd"})).path == "etc/passwd");
  CHECK(read_one(raw({.name = "./", .type = '5'})).path.empty());
  CHECK(read_one(raw({.name = "d/", .type = '5'})).path == "d");
  CHECK(read_one(raw({.name = "..a/b.."})).path == "..a/b..");
}

TEST_CASE("names that climb out are refused wherever they stand") {
  CHECK(is_refused(raw({.name = "../a"})));
  CHECK(is_refused(raw({.name = "a/../../b"})));
  CHECK(is_refused(raw({.name = "a/../b"})));
  CHECK(is_refused(pax({{"path", "/.."}}) + raw({})));
  CHECK(is_refused(raw({.type = '1', .link = "../../etc/shadow"})));
  CHECK(is_refused(raw({.type = 'L', .data = "../x"}) + raw({})));
  CHECK_FALSE(is_refused(raw({.type = '2', .link = "../../etc/shadow"})));
}

TEST_CASE("the root can only be a directory") {
  for (const char type : {'0', '1', '2', '3', '6'})
    CHECK(is_refused(raw({.name = "./", .type = type, .link = "x"})));
  CHECK(is_refused(raw({.name = "/.", .type = '2', .link = "/"})));
}

TEST_CASE("the size of a pax record counts before that of the header") {
  const std::string inner = raw({.name = "smuggled"});
  const auto members =
      read_tar(pax({{"size", "512"}}) + raw({}) + inner + raw({.name = "next"}) + trailer);
  REQUIRE(members.size() == 2);
  CHECK(members[0].second == inner);
  CHECK(members[1].first.path == "next");
}

TEST_CASE("two extended headers for one member are refused") {
  CHECK(is_refused(pax({{"path", "a"}}) + pax({{"path", "b"}}) + raw({})));
  CHECK(is_refused(raw({.type = 'L', .data = "a"}) + raw({.type = 'L', .data = "b"}) + raw({})));
  CHECK(is_refused(raw({.type = 'L', .data = "a"}) + pax({{"path", "b"}}) + raw({})));
  CHECK_FALSE(is_refused(raw({.type = 'L', .data = "a"}) + pax({{"path", "a"}}) + raw({})));
}

TEST_CASE("an extended header that no member follows is refused") {
  CHECK(is_refused(pax({{"path", "a"}}) + trailer));
  CHECK(is_refused(raw({.type = 'K', .data = "a"})));
}

TEST_CASE("pax records that are not whole are refused") {
  for (const std::string text : {"5 a=b\n", "7 a=b\n", "99 a=b\n", "6 a=bb", "x a=b\n", "6 =bb\n",
                                 "6 abb\n", "-6 a=b\n", "0 \n", "3", "18446744073709551617 a=b\n"})
    CHECK_MESSAGE(is_refused(raw({.type = 'x', .data = text}) + raw({})), text);
  CHECK_FALSE(is_refused(raw({.type = 'x', .data = "6 a=b\n"}) + raw({})));
}

TEST_CASE("global headers say nothing about members") {
  CHECK(read_one(pax({{"path", "other"}, {"comment", "x"}}, 'g') + raw({.name = "own"})).path ==
        "own");
}

TEST_CASE("an extended header beyond a mebibyte is refused before it is read") {
  for (const char type : {'x', 'g', 'L', 'K'})
    CHECK(is_refused(raw({.type = type, .size_more = (1 << 20) + 1})));
}

TEST_CASE("sparse files and unknown types are refused") {
  CHECK(is_refused(pax({{"GNU.sparse.major", "1"}}) + raw({})));
  for (const char type : {'S', 'V', 'M', 'D', 'N', 'X', 'Z', '8'})
    CHECK(is_refused(raw({.type = type})));
}

TEST_CASE("only files have data") {
  for (const char type : {'1', '2', '3', '4', '5', '6'})
    CHECK(is_refused(raw({.name = "a", .type = type, .data = "x", .link = "b"})));
}

TEST_CASE("numbers too large for octal are read in base 256") {
  const std::string large_id("\x80\0\0\0\0\x30\0\0", 8);
  CHECK(read_one(numbered(raw({}), tar_field::uid, large_id)).uid == 0x300000);
  const std::string before_1970("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xfe", 12);
  CHECK(read_one(numbered(raw({}), tar_field::mtime, before_1970)).mtime == -2);
}

TEST_CASE("numbers that are none or fit nowhere are refused") {
  CHECK(is_refused(numbered(raw({}), tar_field::uid, "12x")));
  CHECK(is_refused(numbered(raw({}), tar_field::size, "-1")));
  CHECK(is_refused(
      numbered(raw({}), tar_field::size, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")));
  CHECK(is_refused(
      numbered(raw({}), tar_field::size, "\x80\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")));
  CHECK(is_refused(pax({{"uid", "2147483648"}}) + raw({})));
  CHECK(is_refused(pax({{"gid", "-1"}}) + raw({})));
  CHECK(is_refused(pax({{"size", "9223372036854775808"}}) + raw({})));
  CHECK(is_refused(pax({{"mtime", "soon"}}) + raw({})));
  CHECK(read_one(pax({{"uid", "2147483647"}}) + raw({})).uid == 2147483647);
}

TEST_CASE("times are whole seconds rounded down") {
  const auto mtime = [](const std::string& text) {
    return read_one(pax({{"mtime", text}}) + raw({})).mtime;
  };
  CHECK(mtime("1700000000.999") == 1700000000);
  CHECK(mtime("-1.5") == -2);
  CHECK(mtime("-1.000") == -1);
  CHECK(mtime("8589934592") == 8589934592);
}

TEST_CASE("a wrong checksum is refused and a sum of signed bytes is not") {
  std::string bytes = raw({.name = "a"});
  bytes[0] = 'b';
  CHECK(is_refused(bytes));
  std::string latin = raw({.name = "\xe4"});
  // The sum of signed bytes is 256 less for the one byte above 127.
  const unsigned sum = static_cast<unsigned>(std::stoul(latin.substr(148, 6), nullptr, 8)) - 256;
  char text[8];
  std::snprintf(text, sizeof text, "%06o", sum);
  latin.replace(148, 6, text);
  CHECK(read_one(latin).path == "\xe4");
}

TEST_CASE("a tar that ends in the middle is refused and one without trailer is not") {
  const std::string bytes = raw({.name = "a", .data = "hello"});
  CHECK(read_tar(bytes).size() == 1);
  for (const std::size_t size : {1u, 511u, 513u, 600u, 1023u})
    CHECK(is_refused(bytes.substr(0, size)));
  CHECK(read_tar(bytes + std::string(512, '\0')).size() == 1);
  CHECK(is_refused(bytes + std::string(512, '\0') + bytes));
  CHECK(read_tar(bytes + trailer + "anything").size() == 1);
  CHECK(read_tar("").empty());
}

TEST_CASE("whiteout names become removals without attributes") {
  CHECK(line_of(read_one(raw({.name = "d/.wh.gone", .uid = 5, .mtime = 9}))) ==
        line_of(whiteout("d/gone")));
  CHECK(line_of(read_one(raw({.name = ".wh.gone"}))) == line_of(whiteout("gone")));
  CHECK(line_of(read_one(raw({.name = "d/.wh..wh..opq"}))) == line_of(opaque("d")));
  CHECK(line_of(read_one(raw({.name = ".wh..wh..opq"}))) == line_of(opaque("")));
}

TEST_CASE("whiteouts that name nothing are refused") {
  for (const std::string name : {"d/.wh.", "d/.wh..", "d/.wh...", ".wh.a/b"})
    CHECK_MESSAGE(is_refused(raw({.name = name})), name);
}

TEST_CASE("what AUFS left in layers is passed over") {
  const auto members = read_tar(raw({.name = ".wh..wh.plnk/", .type = '5'}) +
                                raw({.name = ".wh..wh.plnk/12.34", .data = "x"}) +
                                raw({.name = ".wh..wh.aufs"}) + raw({.name = "real"}) + trailer);
  REQUIRE(members.size() == 1);
  CHECK(members[0].first.path == "real");
}

TEST_CASE("extended attributes are sorted and limited and give overlayfs no orders") {
  const Entry entry = read_one(pax({{"SCHILY.xattr.user.z", std::string("\0=\n", 3)},
                                    {"SCHILY.xattr.trusted.overlay.opaque", "y"},
                                    {"SCHILY.xattr.user.overlay.redirect", "/"},
                                    {"LIBARCHIVE.xattr.user.%61", "AAEC"},
                                    {"SCHILY.acl.access", "ignored"}}) +
                               raw({}));
  REQUIRE(entry.rare->xattrs.size() == 2);
  CHECK(entry.rare->xattrs[0] == Xattr{"user.a", std::string("\0\1\2", 3)});
  CHECK(entry.rare->xattrs[1] == Xattr{"user.z", std::string("\0=\n", 3)});
  CHECK(is_refused(pax({{"SCHILY.xattr.user.big", std::string((64 << 10) + 1, 'x')}}) + raw({})));
  CHECK(is_refused(pax({{"LIBARCHIVE.xattr.user.a", "!"}}) + raw({})));
}

TEST_CASE("hard links have a target inside the root and nothing else") {
  const Entry entry =
      read_one(raw({.name = "b", .type = '1', .link = "/./a", .mode = 0777, .uid = 3, .mtime = 4}));
  CHECK(line_of(entry) == line_of(hard_link("b", "a")));
  CHECK(is_refused(raw({.type = '1', .link = ""})));
  CHECK(is_refused(raw({.type = '1', .link = "/"})));
  CHECK(is_refused(raw({.type = '2', .link = ""})));
}

TEST_CASE("paths and link texts beyond 4096 bytes are refused") {
  const std::string longest(4096, 'p');
  CHECK(read_one(pax({{"path", longest}}) + raw({})).path == longest);
  CHECK(is_refused(pax({{"path", longest + 'p'}}) + raw({})));
  CHECK(is_refused(pax({{"linkpath", longest + 'p'}}) + raw({.type = '2'})));
  CHECK(is_refused(pax({{"path", std::string("a\0b", 3)}}) + raw({})));
}

TEST_CASE("data offsets point at the bytes") {
  const std::string bytes = raw({.name = "a", .data = "first"}) + pax({{"path", "b"}}) +
                            raw({.name = "x", .data = "second"}) + trailer;
  for (const auto& [entry, data] : read_tar(bytes))
    CHECK(bytes.substr(entry.data_offset, entry.size) == data);
}

TEST_CASE("reading damaged tars ends in entries or in Error corrupt and nothing else") {
  for (unsigned seed = 0; seed < 20'000; ++seed) {
    RandomFiles random(seed);
    Dice& dice = random.dice();
    std::vector<std::pair<Entry, std::string>> members;
    for (unsigned i = 0; i < 4; ++i) {
      Entry entry = random.entry(dice.chance(20) ? std::string(150, 'l') : random.path());
      const std::string data(dice.roll(700), 'd');
      if (entry.is_file()) entry.size = data.size();
      members.emplace_back(entry, data);
    }
    std::string bytes = write_tar(members);
    for (unsigned i = 1 + dice.roll(6); i > 0; --i)
      bytes[dice.roll(static_cast<unsigned>(bytes.size()))] = static_cast<char>(dice.roll(256));
    // Half of the time the checksum is made right again, so that what is behind it is reached.
    if (dice.chance(50))
      for (std::size_t at = 0; at + 512 <= bytes.size(); at += 512)
        if (bytes.compare(at + 257, 5, "ustar") == 0)
          bytes.replace(at, 512, numbered(bytes.substr(at, 512), tar_field::checksum, ""));
    if (dice.chance(20)) bytes.resize(dice.roll(static_cast<unsigned>(bytes.size())));
    try {
      StringSource source(bytes);
      TarReader reader(source);
      while (reader.next()) {
      }
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::corrupt) FAIL("seed " << seed << ": " << error.what());
    }
  }
}
