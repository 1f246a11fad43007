/// SHA-256 of large and of small things. The limit is OpenSSL with one context for all.

#include <algorithm>

#include "pair.hpp"
#include "samples.hpp"
#include "strata/content/digest.hpp"

namespace strata::bench {

namespace {

template <class Hash>
void hash_pieces(std::string_view bytes, std::size_t piece, Hash hash) {
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size())))
    benchmark::DoNotOptimize(hash(bytes.substr(0, piece)));
}

void add(const std::string& piece, const Unit& unit, std::size_t size) {
  static const std::string bytes = mixed_bytes(1 << 20);
  add_pair(
      piece, unit, [size] { hash_pieces(bytes, size, Digest::of); },
      [size] { hash_pieces(bytes, size, plain_sha256); });
}

}  // namespace

void add_hash_pairs() {
  add("SHA-256 of 1 MiB", {"MiB", 1}, 1 << 20);
  add("SHA-256 of 4 KiB", {"file", 256}, 4 << 10);
  add("SHA-256 of 256 bytes", {"file", 4096}, 256);
}

}  // namespace strata::bench
