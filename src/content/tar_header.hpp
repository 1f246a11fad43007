#pragma once
/// The 512-byte header block of a tar, as POSIX.1-2001 lays it out (ustar), with the number formats
/// that GNU adds.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace strata {

inline constexpr std::size_t tar_block_size = 512;
using TarBlock = std::array<char, tar_block_size>;

/// Place and size of each field.
struct TarField {
  std::size_t offset;
  std::size_t size;
};
namespace tar_field {
inline constexpr TarField name{0, 100};
inline constexpr TarField mode{100, 8};
inline constexpr TarField uid{108, 8};
inline constexpr TarField gid{116, 8};
inline constexpr TarField size{124, 12};
inline constexpr TarField mtime{136, 12};
inline constexpr TarField checksum{148, 8};
inline constexpr TarField type{156, 1};
inline constexpr TarField link{157, 100};
inline constexpr TarField magic{257, 8};
inline constexpr TarField device_major{329, 8};
inline constexpr TarField device_minor{337, 8};
inline constexpr TarField prefix{345, 155};
}  // namespace tar_field

/// The type flags that Strata writes or understands.
namespace tar_type {
inline constexpr char file = '0';
inline constexpr char old_file = '\0';
inline constexpr char hard_link = '1';
inline constexpr char symlink = '2';
inline constexpr char character_device = '3';
inline constexpr char block_device = '4';
inline constexpr char directory = '5';
inline constexpr char fifo = '6';
inline constexpr char contiguous_file = '7';
inline constexpr char extended = 'x';
inline constexpr char global_extended = 'g';
inline constexpr char gnu_long_name = 'L';
inline constexpr char gnu_long_link = 'K';
}  // namespace tar_type

/// The largest number that octal digits and a closing NUL can say in a field.
constexpr std::uint64_t octal_max(TarField field) { return (1ull << (3 * (field.size - 1))) - 1; }

/// A header being written; the rest of the block is zero.
class TarHeader {
 public:
  TarHeader();
  /// Text that fits its field; a full field has no closing NUL.
  void put_text(TarField field, std::string_view text);
  /// A number up to octal_max(field).
  void put_octal(TarField field, std::uint64_t value);
  void put_type(char type) { block_[tar_field::type.offset] = type; }
  /// The whole block with its checksum.
  std::string_view finish();

 private:
  TarBlock block_{};
};

/// The text of a field up to the first NUL.
std::string_view tar_text(const TarBlock& block, TarField field);
/// A number in octal, or in base 256 if the top bit of its first byte is set; an empty field is 0.
/// Nothing if it is neither, or does not fit.
std::optional<std::int64_t> tar_number(const TarBlock& block, TarField field);
/// True if the checksum field holds the sum of the block's bytes, taken as unsigned or, as some old
/// programs did, as signed.
bool has_tar_checksum(const TarBlock& block);
bool is_zero_block(const TarBlock& block);

}  // namespace strata
