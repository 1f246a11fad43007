#include "strata/content/compression.hpp"

#include <algorithm>
#include <array>

#include "strata/base/error.hpp"

namespace strata {

namespace {

struct CodecFacts {
  Codec codec;
  std::string_view name;
  std::string_view magic;
  int default_level;
  std::string_view levels;
};

constexpr std::array<CodecFacts, 3> codecs{{
    {Codec::none, "none", "", 0, "none"},
    {Codec::gzip, "gzip", "\x1f\x8b", 1, "1, 2 and 4 to 9"},
    {Codec::zstd, "zstd", "\x28\xb5\x2f\xfd", 3, "1 to 19"},
}};

const CodecFacts& facts_of(Codec codec) { return codecs[static_cast<std::size_t>(codec)]; }

bool has_level(Codec codec, int level) {
  switch (codec) {
    case Codec::none:
      return false;
    // ISA-L's level 3 gives different bytes on different processors.
    case Codec::gzip:
      return level >= 1 && level <= 9 && level != 3;
    case Codec::zstd:
      return level >= 1 && level <= 19;
  }
  return false;
}

}  // namespace

std::string to_string(Codec codec) { return std::string(facts_of(codec).name); }

Compression make_compression(Codec codec, int level) {
  const CodecFacts& facts = facts_of(codec);
  if (level == 0) return {codec, facts.default_level};
  if (has_level(codec, level)) return {codec, level};
  fail(ErrorKind::usage, "compression ", facts.name, " has no level ", level,
       "; its levels: ", facts.levels);
}

std::size_t ChunkTable::find(std::uint64_t plain_offset) const {
  if (plain_offset >= uncompressed_size) return starts.size();
  const auto behind = std::partition_point(starts.begin(), starts.end(), [&](const Start& start) {
    return start.plain <= plain_offset;
  });
  if (behind == starts.begin()) return starts.size();
  return static_cast<std::size_t>(behind - starts.begin()) - 1;
}

Codec detect_codec(std::string_view first_bytes) {
  if (first_bytes.size() < 4) return Codec::none;
  for (const CodecFacts& facts : codecs)
    if (facts.codec != Codec::none && first_bytes.starts_with(facts.magic)) return facts.codec;
  return Codec::none;
}

}  // namespace strata
