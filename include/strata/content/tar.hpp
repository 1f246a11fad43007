#pragma once
/// Layer tars, written and read: POSIX.1-2001 (pax) as OCI layer.md wants them. What is written is
/// a function of the entries and their bytes alone: ustar headers, a pax header only where ustar
/// cannot say it, no names of owners, no access or change times, two zero blocks at the end.
///
/// Read are ustar, pax and GNU long names. Foreign archives that a user hands over (ADD, contexts,
/// import) come through content/archive.hpp, which knows more dialects and all compressions.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "strata/base/io.hpp"
#include "strata/content/entry.hpp"

namespace strata {

class TarExtensions;

/// A hard link as its header has it. In a tree it has no attributes, but docker and containerd give
/// its file those of the header: so there they must be the file's, which `file` is.
Entry hard_link_in_tar(const Entry& link, const Entry& file);

/// Writes entries in the order given.
class TarWriter {
 public:
  explicit TarWriter(Sink& out) : out_(out) {}

  /// Writes one header; for a regular file exactly entry.size bytes are taken from `data` (Error
  /// system if it gives fewer or more: the file changed while it was read; null is an empty file).
  /// Returns the entry's data_offset. A hard link should be given as hard_link_in_tar says. A real
  /// name that begins with ".wh." is Error usage: no layer can express it.
  std::uint64_t add(const Entry& entry, Source* data);
  /// Writes the trailer.
  void finish();

 private:
  void put(std::string_view bytes);
  void put_data(const Entry& entry, Source* data);

  Sink& out_;
  std::uint64_t offset_ = 0;
};

/// Reads a layer tar from front to back, strictly: limits of reference security §6.7, no absolute
/// or climbing name survives (names are cleaned to root paths, ".." is Error corrupt), sparse files
/// and unknown types that carry data are refused. Whiteout names become removal entries.
class TarReader {
 public:
  explicit TarReader(Source& in) : in_(in) {}

  /// The next entry with its data_offset, content digest absent; nothing at the end. What was not
  /// read of the entry before is skipped.
  std::optional<Entry> next();
  /// The bytes of the entry that `next` gave last.
  std::size_t read_data(std::span<char> buffer);
  /// Reads on behind the trailer to the very end, so that a digest over the source is whole.
  void drain();

 private:
  using Block = std::array<char, 512>;

  bool read_block(Block& block);
  bool read_header(Block& block);
  bool take_extension(const Block& block, TarExtensions& extensions);
  std::string read_extension(const Block& block);
  void skip_data();

  Source& in_;
  std::uint64_t offset_ = 0;
  std::uint64_t data_left_ = 0;
  std::uint64_t padding_ = 0;
  std::uint64_t entries_ = 0;
  bool at_end_ = false;
};

}  // namespace strata
