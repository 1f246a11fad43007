#pragma once
/// What a directory takes on disk.

#include <cstdint>

#include "strata/base/root.hpp"

namespace strata::store {

/// Bytes of everything below a directory; a file with several names in it counts once.
std::uint64_t disk_usage(const Root& directory);

}  // namespace strata::store
