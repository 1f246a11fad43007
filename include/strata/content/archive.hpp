#pragma once
/// Archives that a user hands over, read by libarchive: tar in every dialect (ustar, pax, GNU with
/// sparse files, v7), plain or packed with gzip, bzip2, xz, zstd or lz4. Used for ADD, build
/// contexts, `load` and `import`. No other format is enabled and no helper program is ever run.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "strata/base/io.hpp"
#include "strata/content/entry.hpp"

namespace strata {

/// Reads an archive front to back. Names are cleaned to root paths; one that climbs out of the
/// archive with ".." is Error corrupt. Names that begin with ".wh." are ordinary names here.
class ArchiveReader {
 public:
  /// `in` must outlive the reader; `what` names it in errors.
  ArchiveReader(Source& in, std::string what);
  ~ArchiveReader();

  /// The next entry, without content digest and with data_offset 0; nothing at the end.
  std::optional<Entry> next();
  /// Passes over an entry without a look at what it says; false at the end.
  bool skip();
  /// The bytes of the entry that `next` gave last; holes of sparse files come as zeros.
  std::size_t read_data(std::span<char> buffer);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// True if the bytes, the beginning of a file (512 are enough for a plain tar; a compressed one
/// needs some KiB), are a tar archive, plain or compressed: the test that ADD makes.
bool is_archive(Source& beginning);

/// A plain uncompressed tar of a few named files in the given order: OCI and docker archives.
/// Deterministic like TarWriter, whose entries these are.
class ArchiveWriter {
 public:
  explicit ArchiveWriter(Sink& out);
  ~ArchiveWriter();
  void add_directory(const std::string& path);
  void add_file(const std::string& path, std::string_view bytes);
  void add_file(const std::string& path, Source& data, std::uint64_t size);
  void add_symlink(const std::string& path, const std::string& target);
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace strata
