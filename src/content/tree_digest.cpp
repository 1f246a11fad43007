/// Digests of trees, over the encoding of their entries.

#include "content/tree_codec.hpp"
#include "strata/base/error.hpp"
#include "strata/content/tree.hpp"

namespace strata {

namespace {

// Says what is hashed, so that no other document of ours can have the digest of a tree.
constexpr std::string_view with_times = "STRTDIG1";
constexpr std::string_view without_times = "STRTDIG2";

}  // namespace

Digest tree_digest(const Tree& tree, CompareTimes times) {
  const bool mtime = times == CompareTimes::yes;
  ByteWriter out(mtime ? with_times : without_times);
  EntryEncoder encoder(out, {.mtime = mtime, .data_offset = false});
  for (const Entry& entry : tree.entries()) {
    if (entry.is_file() && !entry.content)
      fail(ErrorKind::system, "a tree has no digest while the content of ", quoted(entry.path),
           " is not known");
    encoder.put(entry);
  }
  return Digest::of(out.take());
}

}  // namespace strata
