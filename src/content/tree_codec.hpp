#pragma once
/// Entries as bytes, for the documents under trees/ and for tree digests.
///
/// A tree is the number of entries and the entries in order. An entry is one byte with its type in
/// the low four bits and flags above, and then
///   path       how many bytes are shared with the path before, and the text of the rest
///   attributes mode, uid, gid (numbers), mtime (signed): not for hard links and removals
///   size, offset   of a file: the size, and its data_offset less the end of the file before
///   link       a text, for the two kinds of links
///   device     major and minor, for devices
///   xattrs     if flagged: their number, and name and value of each
///   content    if flagged: 32 bytes

#include "content/byte_codec.hpp"
#include "strata/content/tree.hpp"

namespace strata {

void put_tree(ByteWriter& out, const Tree& tree);
Tree get_tree(ByteReader& in);

/// Which fields of an entry are written: everything, or what tells content apart.
struct EntryFields {
  bool mtime = true;
  bool data_offset = true;
};

/// Writes entries one after another; each is written relative to the one before.
class EntryEncoder {
 public:
  EntryEncoder(ByteWriter& out, EntryFields fields) : out_(out), fields_(fields) {}
  void put(const Entry& entry);

 private:
  void put_path(std::string_view path);
  void put_file(const Entry& entry);
  void put_xattrs(const std::vector<Xattr>& xattrs);

  ByteWriter& out_;
  EntryFields fields_;
  std::string path_before_;
  std::uint64_t end_before_ = 0;
};

}  // namespace strata
