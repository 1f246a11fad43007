#pragma once
/// Flags that the language has and this engine does not act on yet.

#include "strata/dockerfile/file.hpp"

namespace strata::plan {

/// Throws Error dockerfile "not supported yet: …" if the instruction asks for such a thing. A flag
/// whose value says what happens anyway may stand (`--parents=false`, `--security=sandbox`).
void refuse_unsupported_flags(const dockerfile::Instruction& instruction);

}  // namespace strata::plan
