#include "text_tree.hpp"

#include <charconv>

#include "strata/base/path.hpp"
#include "strata/base/text.hpp"

namespace strata::exec {

namespace {

std::map<ContentDigest, std::string>& contents() {
  static std::map<ContentDigest, std::string> known;
  return known;
}

std::uint32_t parse_number(std::string_view text, int base) {
  std::uint32_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number, base);
  return number;
}

void set_content(Entry& entry, const std::string& text) {
  entry.size = text.size();
  entry.content = ContentDigest(Digest::of(text));
  contents().insert_or_assign(*entry.content, text);
}

Entry removal(const std::string& path, EntryType type) {
  Entry entry;
  entry.path = path;
  entry.type = type;
  return entry;
}

void read_word(Entry& entry, const std::string& word) {
  const std::size_t colon = word.find(':');
  if (word == "!") {
    entry = removal(entry.path, EntryType::whiteout);
  } else if (word == "!!") {
    entry = removal(entry.path, EntryType::opaque);
  } else if (word == "c") {
    entry.type = EntryType::character_device;
    entry.content.reset();
  } else if (word.front() == '@') {
    entry.mtime = static_cast<std::int64_t>(parse_number(word.substr(1), 10));
  } else if (word.front() == '=') {
    set_content(entry, word.substr(1));
  } else if (word.front() == '^') {
    entry.rare.edit().xattrs = {{"security.capability", word.substr(1)}};
  } else if (colon == word.npos) {
    entry.mode = parse_number(word, 8);
  } else {
    const bool device = entry.type == EntryType::character_device;
    (device ? entry.rare.edit().device_major : entry.uid) = parse_number(word.substr(0, colon), 10);
    (device ? entry.rare.edit().device_minor : entry.gid) =
        parse_number(word.substr(colon + 1), 10);
  }
}

Entry parse_line(std::string_view line) {
  const auto words = split(line, ' ');
  Entry entry;
  entry.path = words.at(0);
  const bool directory = entry.path.ends_with('/');
  entry.path = root_path(entry.path);
  if (words.size() > 2 && (words[1] == "->" || words[1] == "=>")) {
    const bool symbolic = words[1] == "->";
    entry.type = symbolic ? EntryType::symlink : EntryType::hard_link;
    entry.mode = symbolic ? 0777 : 0;
    entry.rare.edit().link = words[2];
    for (std::size_t i = 3; i < words.size(); ++i) read_word(entry, words[i]);
    return entry;
  }
  entry.type = directory ? EntryType::directory : EntryType::file;
  entry.mode = directory ? 0755 : 0644;
  if (!directory) set_content(entry, "");
  for (std::size_t i = 1; i < words.size(); ++i) read_word(entry, words[i]);
  return entry;
}

std::string octal(std::uint32_t mode) {
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, mode, 8).ptr;
  return cat('0', std::string_view(digits, static_cast<std::size_t>(end - digits)));
}

std::string describe_special(const Entry& entry) {
  switch (entry.type) {
    case EntryType::symlink:
      return cat(" -> ", entry.rare->link);
    case EntryType::hard_link:
      return cat(" => ", entry.rare->link);
    case EntryType::whiteout:
      return " !";
    case EntryType::opaque:
      return " !!";
    case EntryType::character_device:
      return cat(" c ", entry.rare->device_major, ":", entry.rare->device_minor);
    case EntryType::block_device:
    case EntryType::fifo:
      return cat(" ", to_string(entry.type));
    default:
      return {};
  }
}

std::string print_entry(const Entry& entry) {
  std::string line = entry.path;
  if (entry.is_directory() || entry.type == EntryType::opaque) line += '/';
  line += describe_special(entry);
  if (entry.is_directory() && entry.mode != 0755) line += cat(" ", octal(entry.mode));
  if (entry.is_file() && entry.mode != 0644) line += cat(" ", octal(entry.mode));
  if (entry.uid != 0 || entry.gid != 0) line += cat(" ", entry.uid, ":", entry.gid);
  if (entry.mtime != 0) line += cat(" @", entry.mtime);
  for (const Xattr& xattr : entry.rare->xattrs) line += cat(" ^", xattr.value);
  if (entry.content && entry.size > 0) {
    const auto known = contents().find(*entry.content);
    line += cat(" =", known == contents().end() ? "?" : known->second);
  }
  return line;
}

}  // namespace

Tree parse_tree(std::string_view text) {
  std::vector<Entry> entries;
  for (const std::string& line : split(text, '\n'))
    if (const auto trimmed = trim(line); !trimmed.empty()) entries.push_back(parse_line(trimmed));
  return Tree(std::move(entries));
}

std::string print_tree(const Tree& tree) {
  std::string text;
  for (const Entry& entry : tree.entries()) text += cat(print_entry(entry), "\n");
  return text;
}

RootfsView parse_view(std::string_view text) {
  return RootfsView({std::make_shared<const Tree>(parse_tree(text))});
}

const std::string& content_of(const ContentDigest& digest) { return contents().at(digest); }

std::vector<ContentDigest> TextOrigin::digests(std::span<const RootfsView::Found> files) {
  std::vector<ContentDigest> digests;
  for (const auto& file : files) digests.push_back(file.entry->content.value());
  return digests;
}

std::unique_ptr<Source> TextOrigin::open(const RootfsView::Found& file) {
  return std::make_unique<StringSource>(content_of(file.entry->content.value()));
}

std::string TextOrigin::why_absent(std::string_view path) const {
  const auto reason = absent.find(path);
  return reason == absent.end() ? std::string() : reason->second;
}

}  // namespace strata::exec
