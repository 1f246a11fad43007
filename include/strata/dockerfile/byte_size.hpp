#pragma once
/// Sizes as people write them for memory: "64m", "1.5GiB", "4096".

#include <cstdint>
#include <optional>
#include <string_view>

namespace strata::dockerfile {

/// Bytes, in powers of 1024; nothing if the text is not a size or does not fit.
std::optional<std::uint64_t> parse_byte_size(std::string_view text);

}  // namespace strata::dockerfile
