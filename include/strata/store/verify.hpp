#pragma once
/// Proof of a whole store: every blob has its digest, every listed image is complete, every tree is
/// that of its blob, the layout files are valid.

#include <string>
#include <vector>

#include "strata/store/store.hpp"

namespace strata::store {

enum class Depth { references, bytes };

/// One sentence per fault, naming the file and what was expected; empty if all is well.
/// Depth::bytes reads every blob and compares unpacked files with their digests.
std::vector<std::string> verify(Store& store, Depth depth);

}  // namespace strata::store
