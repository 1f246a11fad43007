#include "content/tar_header.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "strata/base/text.hpp"

namespace strata {

namespace {

constexpr std::string_view ustar_magic{
    "ustar\0"
    "00",
    8};

// The sum of all bytes, with blanks where the sum itself stands.
template <class Byte>
std::int64_t checksum_of(const TarBlock& block) {
  std::int64_t sum = 0;
  for (const char byte : block) sum += static_cast<Byte>(byte);
  const auto field = tar_field::checksum;
  for (std::size_t i = 0; i < field.size; ++i)
    sum += ' ' - static_cast<Byte>(block[field.offset + i]);
  return sum;
}

std::optional<std::int64_t> base256(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes.front());
  const bool is_negative = (first & 0x40) != 0;
  // The top bit is the mark; the next one is the sign.
  std::int64_t value = is_negative ? static_cast<signed char>(first) : first & 0x7f;
  for (const char byte : bytes.substr(1)) {
    if (value > (std::numeric_limits<std::int64_t>::max() >> 8) ||
        value < (std::numeric_limits<std::int64_t>::min() >> 8))
      return std::nullopt;
    value = value * 256 + static_cast<unsigned char>(byte);
  }
  return value;
}

std::optional<std::int64_t> octal(std::string_view text) {
  std::int64_t value = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '7') return std::nullopt;
    value = value * 8 + (digit - '0');
  }
  return value;
}

}  // namespace

TarHeader::TarHeader() { put_text(tar_field::magic, ustar_magic); }

void TarHeader::put_text(TarField field, std::string_view text) {
  std::memcpy(block_.data() + field.offset, text.data(), std::min(text.size(), field.size));
}

void TarHeader::put_octal(TarField field, std::uint64_t value) {
  for (std::size_t i = field.size - 1; i-- > 0; value >>= 3)
    block_[field.offset + i] = static_cast<char>('0' + (value & 7));
}

std::string_view TarHeader::finish() {
  // Six digits, a NUL and a blank: the one field with a closing of its own.
  const TarField digits{tar_field::checksum.offset, tar_field::checksum.size - 1};
  put_octal(digits, static_cast<std::uint64_t>(checksum_of<unsigned char>(block_)));
  block_[digits.offset + digits.size - 1] = '\0';
  block_[digits.offset + digits.size] = ' ';
  return {block_.data(), block_.size()};
}

std::string_view tar_text(const TarBlock& block, TarField field) {
  const std::string_view text(block.data() + field.offset, field.size);
  return text.substr(0, text.find('\0'));
}

std::optional<std::int64_t> tar_number(const TarBlock& block, TarField field) {
  const std::string_view bytes(block.data() + field.offset, field.size);
  if ((bytes.front() & 0x80) != 0) return base256(bytes);
  // Old programs fill with blanks in front and close with a blank, a NUL or nothing.
  return octal(trim(tar_text(block, field), " "));
}

bool has_tar_checksum(const TarBlock& block) {
  const auto claimed = tar_number(block, tar_field::checksum);
  return claimed && (*claimed == checksum_of<unsigned char>(block) ||
                     *claimed == checksum_of<signed char>(block));
}

bool is_zero_block(const TarBlock& block) {
  return std::all_of(block.begin(), block.end(), [](char byte) { return byte == 0; });
}

}  // namespace strata
