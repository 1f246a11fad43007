/// The document trees/<diffid>: what is known of a layer beside its tree, and the tree.

#include "content/tree_codec.hpp"
#include "strata/content/layer_blob.hpp"

namespace strata {

namespace {

/// To be another one when anything changes that decides what bytes a layer has: chunks of an
/// earlier layer are taken for what would be written now.
constexpr std::string_view layer_magic = "STRLAYR2";

void put_chunks(ByteWriter& out, const ChunkTable& chunks) {
  out.put_number(chunks.uncompressed_size);
  out.put_number(chunks.starts.size());
  ChunkTable::Start before{};
  for (const ChunkTable::Start& start : chunks.starts) {
    out.put_number(start.plain - before.plain);
    out.put_number(start.encoded - before.encoded);
    before = start;
  }
  out.put_number(chunks.seals.size());
  for (const ChunkSeal& seal : chunks.seals) {
    out.put_digest(Digest(seal.before.words));
    out.put_digest(seal.after);
    out.put_number(seal.crc32);
    out.put_digest(Digest(seal.plain_before.words));
  }
}

std::uint64_t whole_blocks(std::uint64_t size) { return size - size % HashState::block_size; }

ChunkTable get_chunks(ByteReader& in) {
  ChunkTable chunks;
  chunks.uncompressed_size = in.number();
  const std::uint64_t count = in.number();
  ChunkTable::Start start{};
  for (std::uint64_t i = 0; i < count; ++i) {
    start.plain += in.number();
    start.encoded += in.number();
    chunks.starts.push_back(start);
  }
  const std::uint64_t seals = in.number();
  if (seals != 0 && seals != count) in.fail_corrupt("it has not a seal for each chunk");
  for (std::uint64_t i = 0; i < seals; ++i) {
    const HashState state{in.digest().bytes(), whole_blocks(chunks.starts[i].encoded)};
    const Digest after = in.digest();
    const auto crc32 = static_cast<std::uint32_t>(in.number());
    const HashState plain{in.digest().bytes(), whole_blocks(chunks.starts[i].plain)};
    chunks.seals.push_back({state, after, crc32, plain});
  }
  return chunks;
}

Compression get_compression(ByteReader& in) {
  const std::uint8_t codec = in.byte();
  if (codec > static_cast<std::uint8_t>(Codec::zstd)) in.fail_corrupt("its codec is unknown");
  return {static_cast<Codec>(codec), in.byte()};
}

}  // namespace

std::string encode_layer_tree(const LayerTree& layer) {
  ByteWriter out(layer_magic);
  out.put_digest(layer.blob);
  out.put_byte(static_cast<std::uint8_t>(layer.codec));
  out.put_byte(static_cast<std::uint8_t>(layer.level));
  out.put_number(layer.tar_size);
  put_chunks(out, layer.chunks);
  put_tree(out, layer.tree);
  return out.finish_document();
}

LayerTree decode_layer_tree(std::string_view bytes) {
  ByteReader in(bytes, layer_magic, "a layer's tree");
  const Digest blob = in.digest();
  const Compression compression = get_compression(in);
  const std::uint64_t tar_size = in.number();
  ChunkTable chunks = get_chunks(in);
  Tree tree = get_tree(in);
  in.expect_end();
  return {std::move(tree), blob, compression.codec, std::move(chunks), tar_size, compression.level};
}

}  // namespace strata
