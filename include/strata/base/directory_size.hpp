#pragma once
/// How many bytes a directory's files have.

#include <cstdint>

#include "strata/base/root.hpp"

namespace strata {

/// Sum of the sizes of all files below `path`, each inode once. Links are not followed; what goes
/// away meanwhile does not count. 0 if there is no such directory.
std::uint64_t directory_size(const Root& root, const std::string& path);

}  // namespace strata
