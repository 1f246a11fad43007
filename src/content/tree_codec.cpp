#include "content/tree_codec.hpp"

#include <algorithm>

#include "content/limits.hpp"
#include "strata/base/error.hpp"
#include "strata/base/path.hpp"

namespace strata {

namespace {

constexpr std::string_view tree_magic = "STRTREE1";

constexpr std::uint8_t type_bits = 0x0f;
constexpr std::uint8_t flag_xattrs = 0x10;
constexpr std::uint8_t flag_content = 0x20;
constexpr std::uint8_t known_bits = type_bits | flag_xattrs | flag_content;

bool has_attributes(EntryType type) {
  return type != EntryType::hard_link && type != EntryType::whiteout && type != EntryType::opaque;
}
bool has_link(EntryType type) { return type == EntryType::symlink || type == EntryType::hard_link; }
bool has_device(EntryType type) {
  return type == EntryType::character_device || type == EntryType::block_device;
}

std::uint8_t head_of(const Entry& entry) {
  unsigned head = static_cast<unsigned>(entry.type);
  if (!entry.rare->xattrs.empty()) head |= flag_xattrs;
  if (entry.content) head |= flag_content;
  return static_cast<std::uint8_t>(head);
}

/// The counterpart of EntryEncoder.
class EntryDecoder {
 public:
  explicit EntryDecoder(ByteReader& in) : in_(in) {}

  Entry get() {
    const std::uint8_t head = in_.byte();
    if ((head & ~known_bits) != 0) in_.fail_corrupt("an entry has an unknown flag");
    Entry entry;
    entry.type = get_type(head);
    entry.path = get_path();
    if (has_attributes(entry.type)) get_attributes(entry);
    if (entry.is_file()) get_file(entry);
    if (has_link(entry.type)) entry.rare.edit().link = in_.text();
    if (has_device(entry.type)) {
      entry.rare.edit().device_major = in_.number32();
      entry.rare.edit().device_minor = in_.number32();
    }
    if ((head & flag_xattrs) != 0) get_xattrs(entry.rare.edit().xattrs);
    if ((head & flag_content) != 0) entry.content = ContentDigest(in_.digest());
    return entry;
  }

 private:
  EntryType get_type(std::uint8_t head) {
    const std::uint8_t type = head & type_bits;
    if (type > static_cast<std::uint8_t>(EntryType::opaque))
      in_.fail_corrupt("an entry has an unknown type");
    return static_cast<EntryType>(type);
  }

  std::string get_path() {
    const std::uint64_t shared = in_.number();
    const std::string_view rest = in_.text();
    if (shared > path_before_.size() || shared + rest.size() > path_size_max)
      in_.fail_corrupt("a path does not follow from the one before");
    path_before_.resize(shared);
    path_before_ += rest;
    return path_before_;
  }

  void get_attributes(Entry& entry) {
    entry.mode = in_.number32();
    entry.uid = in_.number32();
    entry.gid = in_.number32();
    entry.mtime = in_.signed_number();
  }

  void get_file(Entry& entry) {
    entry.size = in_.number();
    entry.data_offset = end_before_ + static_cast<std::uint64_t>(in_.signed_number());
    end_before_ = entry.data_offset + entry.size;
  }

  void get_xattrs(std::vector<Xattr>& xattrs) {
    for (std::uint64_t count = in_.number(); count > 0; --count) {
      std::string name(in_.text());
      xattrs.push_back({std::move(name), std::string(in_.text())});
    }
  }

  ByteReader& in_;
  std::string path_before_;
  std::uint64_t end_before_ = 0;
};

}  // namespace

void EntryEncoder::put(const Entry& entry) {
  out_.put_byte(head_of(entry));
  put_path(entry.path);
  if (has_attributes(entry.type)) {
    out_.put_number(entry.mode);
    out_.put_number(entry.uid);
    out_.put_number(entry.gid);
    out_.put_signed(fields_.mtime ? entry.mtime : 0);
  }
  if (entry.is_file()) put_file(entry);
  if (has_link(entry.type)) out_.put_text(entry.rare->link);
  if (has_device(entry.type)) {
    out_.put_number(entry.rare->device_major);
    out_.put_number(entry.rare->device_minor);
  }
  if (!entry.rare->xattrs.empty()) put_xattrs(entry.rare->xattrs);
  if (entry.content) out_.put_digest(entry.content->digest());
}

void EntryEncoder::put_path(std::string_view path) {
  const std::size_t shared = common_prefix_size(path, path_before_);
  out_.put_number(shared);
  out_.put_text(path.substr(shared));
  path_before_ = path;
}

void EntryEncoder::put_file(const Entry& entry) {
  out_.put_number(entry.size);
  if (!fields_.data_offset) return out_.put_signed(0);
  out_.put_signed(static_cast<std::int64_t>(entry.data_offset - end_before_));
  end_before_ = entry.data_offset + entry.size;
}

void EntryEncoder::put_xattrs(const std::vector<Xattr>& xattrs) {
  out_.put_number(xattrs.size());
  for (const Xattr& xattr : xattrs) {
    out_.put_text(xattr.name);
    out_.put_text(xattr.value);
  }
}

void put_tree(ByteWriter& out, const Tree& tree) {
  // About what an entry takes; room that is not written to costs nothing.
  constexpr std::size_t entry_size = 64;
  out.reserve(tree.entries().size() * entry_size);
  out.put_number(tree.entries().size());
  EntryEncoder encoder(out, {});
  for (const Entry& entry : tree.entries()) encoder.put(entry);
}

Tree get_tree(ByteReader& in) {
  const std::uint64_t count = in.number();
  if (count > entries_max) in.fail_corrupt("it claims too many entries");
  std::vector<Entry> entries;
  // The smallest entry takes five bytes, so the claim cannot make more room than the bytes justify.
  entries.reserve(std::min<std::uint64_t>(count, in.left() / 5));
  EntryDecoder decoder(in);
  for (std::uint64_t i = 0; i < count; ++i) entries.push_back(decoder.get());
  return Tree(std::move(entries));
}

std::string encode_tree(const Tree& tree) {
  ByteWriter out(tree_magic);
  put_tree(out, tree);
  return out.finish_document();
}

Tree decode_tree(std::string_view bytes) {
  ByteReader in(bytes, tree_magic, "a layer's tree");
  Tree tree = get_tree(in);
  in.expect_end();
  return tree;
}

}  // namespace strata
