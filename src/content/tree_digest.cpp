/// Digests of trees, over the encoding of their entries.

#include "content/tree_codec.hpp"
#include "strata/base/error.hpp"
#include "strata/content/tree_digester.hpp"

namespace strata {

namespace {

// Says what is hashed, so that no other document of ours can have the digest of a tree.
constexpr std::string_view with_times = "STRTDIG1";
constexpr std::string_view without_times = "STRTDIG2";

/// Bytes that are hashed at once.
constexpr std::size_t part_size = 64 << 10;

}  // namespace

struct TreeDigester::State {
  explicit State(bool mtime)
      : out(mtime ? with_times : without_times),
        encoder(out, {.mtime = mtime, .data_offset = false}) {}

  Hasher hasher;
  ByteWriter out;
  EntryEncoder encoder;
};

TreeDigester::TreeDigester(CompareTimes times)
    : state_(std::make_unique<State>(times == CompareTimes::yes)) {}

TreeDigester::~TreeDigester() = default;

void TreeDigester::add(const Entry& entry) {
  if (entry.is_file() && !entry.content)
    fail(ErrorKind::system, "a tree has no digest while the content of ", quoted(entry.path),
         " is not known");
  state_->encoder.put(entry);
  if (state_->out.size() >= part_size) state_->hasher.write(state_->out.take());
}

Digest TreeDigester::finish() {
  state_->hasher.write(state_->out.take());
  return state_->hasher.finish();
}

Digest tree_digest(const Tree& tree, CompareTimes times) {
  TreeDigester digester(times);
  for (const Entry& entry : tree.entries()) digester.add(entry);
  return digester.finish();
}

}  // namespace strata
