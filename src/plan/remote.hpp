#pragma once
/// Sources of ADD that are not in the build context: URLs and repositories (reference dockerfile.md
/// §1.6, "ADD only").

#include <optional>
#include <string>

#include "strata/dockerfile/file.hpp"
#include "strata/dockerfile/words.hpp"
#include "strata/plan/step.hpp"

namespace strata::plan {

/// Nothing for a path of the context. Throws Error usage for a repository that cannot be meant.
std::optional<Origin> find_remote(const std::string& source);

/// Whether the source is remote, or would be if it were written right.
bool looks_remote(const std::string& source);

/// Reads --checksum and --keep-git-dir into the sources that they are about. Throws Error
/// dockerfile for a checksum of what has none, or of the wrong form.
void set_remote_flags(CopyFiles& copy, const dockerfile::Instruction& instruction,
                      dockerfile::Expander& expander);

/// Throws Error dockerfile for a URL that names no file where the destination is a directory.
void check_remote_names(const CopyFiles& copy);

}  // namespace strata::plan
