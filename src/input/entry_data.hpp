#pragma once
/// The bytes of one archive member as a Source.

#include "strata/content/archive.hpp"

namespace strata::input {

/// Reads the member that the reader, which is borrowed, gave last.
class EntryData : public Source {
 public:
  explicit EntryData(ArchiveReader& reader) : reader_(reader) {}
  std::size_t read(std::span<char> buffer) override { return reader_.read_data(buffer); }

 private:
  ArchiveReader& reader_;
};

}  // namespace strata::input
