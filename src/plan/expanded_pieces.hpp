#pragma once
/// Which parts of an instruction are expanded (reference dockerfile.md §1.3), each on its own.

#include <string>
#include <vector>

#include "strata/dockerfile/file.hpp"
#include "strata/dockerfile/mount.hpp"
#include "strata/dockerfile/words.hpp"

namespace strata::plan {

struct ExpandedPiece {
  enum class Kind { word, document };
  Kind kind = Kind::word;
  std::string text;  ///< as written
};

/// In the order in which they are expanded. `values` expands a value of --mount, which says how the
/// rest is to be read. ARG is left out, since each of its names sees those before it; and EXPOSE,
/// which no check of variables looks at.
std::vector<ExpandedPiece> expanded_pieces(const dockerfile::Instruction& instruction,
                                           const dockerfile::ValueExpander& values);

/// Expands a piece for the sake of what it asks the expander for. Throws Error dockerfile.
void expand(const ExpandedPiece& piece, dockerfile::Expander& expander);

}  // namespace strata::plan
