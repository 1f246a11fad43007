/// Trees as bytes and back, their digests, and the walk of several over each other. A document
/// bears its digest, so its limit is one SHA-256 over bytes that are there: what a form that is
/// mapped and never parsed would cost.

#include "content/byte_codec.hpp"
#include "content/tree_codec.hpp"
#include "pair.hpp"
#include "samples.hpp"
#include "strata/content/rootfs_view.hpp"
#include "strata/content/tree.hpp"

namespace strata::bench {

namespace {

constexpr std::size_t layer_count = 4;

/// The same entries dealt out to layers, with the directories in all of them.
RootfsView layered(const Tree& tree) {
  std::vector<std::vector<Entry>> dealt(layer_count);
  std::size_t next = 0;
  for (const Entry& entry : tree.entries()) {
    if (entry.is_directory())
      for (auto& layer : dealt) layer.push_back(entry);
    else
      dealt[next++ % layer_count].push_back(entry);
  }
  RootfsView view;
  for (auto& layer : dealt) view = view.with_layer(std::make_shared<const Tree>(std::move(layer)));
  return view;
}

std::uint64_t bytes_walked(const RootfsView& view) {
  std::uint64_t bytes = 0;
  view.walk("", [&](const RootfsView::Found& found) { bytes += found.entry->size; });
  return bytes;
}

/// Each path is compared once, with the one before: no merge can do with less.
std::uint64_t bytes_listed(const Tree& tree) {
  std::uint64_t bytes = 0;
  std::string_view before;
  for (const Entry& entry : tree.entries()) {
    if (entry.path != before) bytes += entry.size;
    before = entry.path;
  }
  return bytes;
}

/// What tree_digest hashes, as one text.
std::string digested_bytes(const Tree& tree) {
  ByteWriter out;
  EntryEncoder encoder(out, {.mtime = false, .data_offset = false});
  for (const Entry& entry : tree.entries()) encoder.put(entry);
  return out.take();
}

}  // namespace

void add_tree_pairs() {
  static const Tree tree(source_entries(20, 50));
  static const std::string document = encode_tree(tree);
  static const std::string digested = digested_bytes(tree);
  static const RootfsView view = layered(tree);
  expect_same("tree of 4 layers walked", bytes_walked(view) == bytes_listed(tree));

  const Unit entries{"entry", static_cast<double>(tree.entries().size())};
  const auto hash_document = [] { benchmark::DoNotOptimize(plain_sha256(document)); };
  add_pair(
      "tree written", entries, [] { benchmark::DoNotOptimize(encode_tree(tree)); }, hash_document);
  add_pair(
      "tree opened", entries, [] { benchmark::DoNotOptimize(decode_tree(document)); },
      hash_document);
  add_pair(
      "tree digest", entries, [] { benchmark::DoNotOptimize(tree_digest(tree, CompareTimes::no)); },
      [] { benchmark::DoNotOptimize(plain_sha256(digested)); });
  add_pair(
      "tree of 4 layers walked", entries, [] { benchmark::DoNotOptimize(bytes_walked(view)); },
      [] { benchmark::DoNotOptimize(bytes_listed(tree)); });
}

}  // namespace strata::bench
