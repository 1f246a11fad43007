#include "content/byte_codec.hpp"

#include <cstring>
#include <limits>

#include "strata/base/error.hpp"

namespace strata {

namespace {

constexpr std::size_t magic_size = 8;
constexpr std::size_t digest_size = sizeof(Digest::Bytes);

}  // namespace

void ByteWriter::put_number(std::uint64_t value) {
  char buffer[10];
  std::size_t size = 0;
  while (value >= 0x80) {
    buffer[size++] = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  buffer[size++] = static_cast<char>(value);
  bytes_.append(buffer, size);
}

void ByteWriter::put_signed(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  put_number(value < 0 ? ~(bits << 1) : bits << 1);
}

void ByteWriter::put_text(std::string_view text) {
  put_number(text.size());
  bytes_ += text;
}

void ByteWriter::put_digest(const Digest& digest) {
  bytes_.append(reinterpret_cast<const char*>(digest.bytes().data()), digest_size);
}

std::string ByteWriter::finish_document() {
  put_digest(Digest::of(bytes_));
  return take();
}

ByteReader::ByteReader(std::string_view document, std::string_view magic, std::string_view what)
    : rest_(document), what_(what) {
  if (document.size() < magic_size + digest_size) fail_corrupt("it is too short");
  if (document.substr(0, magic_size) != magic) fail_corrupt("it begins with another magic");
  const std::string_view sealed = document.substr(0, document.size() - digest_size);
  rest_ = document.substr(sealed.size());
  if (digest() != Digest::of(sealed)) fail_corrupt("its checksum does not match");
  rest_ = sealed.substr(magic_size);
}

std::string_view ByteReader::take(std::size_t size) {
  if (size > rest_.size()) fail_corrupt("it ends too early");
  const std::string_view taken = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return taken;
}

std::uint8_t ByteReader::byte() { return static_cast<std::uint8_t>(take(1).front()); }

std::uint64_t ByteReader::number() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint64_t bits = byte();
    if (shift == 63 && bits > 1) break;
    value |= (bits & 0x7f) << shift;
    if (bits < 0x80) return value;
  }
  fail_corrupt("a number is too large");
}

std::uint32_t ByteReader::number32() {
  const std::uint64_t value = number();
  if (value > std::numeric_limits<std::uint32_t>::max()) fail_corrupt("a number is too large");
  return static_cast<std::uint32_t>(value);
}

std::int64_t ByteReader::signed_number() {
  const std::uint64_t bits = number();
  return static_cast<std::int64_t>((bits >> 1) ^ (~(bits & 1) + 1));
}

std::string_view ByteReader::text() { return take(number()); }

Digest ByteReader::digest() {
  Digest::Bytes bytes;
  std::memcpy(bytes.data(), take(digest_size).data(), digest_size);
  return Digest(bytes);
}

void ByteReader::expect_end() const {
  if (!rest_.empty()) fail_corrupt("it has bytes to spare");
}

void ByteReader::fail_corrupt(std::string_view found) const {
  fail(ErrorKind::corrupt, what_, " is damaged: ", found);
}

}  // namespace strata
