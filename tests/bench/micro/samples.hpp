#pragma once
/// The data that pieces and limits are measured on, the same in every run.

#include <string>
#include <string_view>
#include <vector>

#include "strata/content/entry.hpp"

namespace strata::bench {

/// Entries of a source tree, in a tree's order: `wide` times `wide` directories of `files` files,
/// which have digests and a place in the layer's tar.
std::vector<Entry> source_entries(int wide, int files);

/// So many bytes, half of which a compressor makes shorter: blocks of 64 KiB of text and of noise
/// in turns.
std::string mixed_bytes(std::size_t size);

/// SHA-256 by the library alone, with one context for all calls of a thread.
Digest::Bytes plain_sha256(std::string_view bytes);

}  // namespace strata::bench
