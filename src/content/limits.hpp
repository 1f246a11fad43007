#pragma once
/// How much a layer may claim before it is refused. None of these is reached by an honest image;
/// they keep a hostile one from eating the machine.

#include <cstddef>
#include <cstdint>

namespace strata {

/// Bytes of a path or of a link's text (PATH_MAX).
inline constexpr std::size_t path_size_max = 4096;
/// Bytes of one pax header, or of a GNU long name.
inline constexpr std::uint64_t extension_size_max = 1 << 20;
/// Bytes of one extended attribute's value, and of all of one entry.
inline constexpr std::size_t xattr_size_max = 64 << 10;
inline constexpr std::size_t xattrs_size_max = 1 << 20;
/// Entries of one layer.
inline constexpr std::uint64_t entries_max = 5'000'000;
/// Binary logarithm of the window that a zstd frame may ask for: 128 MiB.
inline constexpr int zstd_window_log_max = 27;
/// User and group ids that a kernel can give to a file and Go programs can parse.
inline constexpr std::int64_t id_max = 0x7fffffff;

}  // namespace strata
