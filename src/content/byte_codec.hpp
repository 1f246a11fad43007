#pragma once
/// Numbers and texts as bytes: what the formats under trees/ are made of. Unsigned numbers are
/// LEB128 varints, signed ones zigzag varints, texts a length and the bytes. A document is its
/// eight-byte magic (which holds the version), the payload, and the SHA-256 of both.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "strata/content/digest.hpp"

namespace strata {

class ByteWriter {
 public:
  ByteWriter() = default;
  /// Begins a document; `finish_document` ends it.
  explicit ByteWriter(std::string_view magic) : bytes_(magic) {}

  void put_byte(std::uint8_t value) { bytes_ += static_cast<char>(value); }
  void put_number(std::uint64_t value);
  void put_signed(std::int64_t value);
  void put_text(std::string_view text);
  void put_digest(const Digest& digest);

  std::size_t size() const { return bytes_.size(); }
  /// Room for so many bytes more, to be taken at once.
  void reserve(std::size_t more) { bytes_.reserve(bytes_.size() + more); }
  /// What was put; from then on what is put afterwards.
  std::string take() { return std::exchange(bytes_, {}); }
  std::string finish_document();

 private:
  std::string bytes_;
};

/// Reads what a ByteWriter wrote. Anything else is Error corrupt, and no claimed length is believed
/// before the bytes are there. The bytes must outlive the reader.
class ByteReader {
 public:
  /// Checks a document's magic and digest; `what` names it in errors.
  ByteReader(std::string_view document, std::string_view magic, std::string_view what);

  std::uint8_t byte();
  std::uint64_t number();
  /// A number that must fit 32 bits.
  std::uint32_t number32();
  std::int64_t signed_number();
  std::string_view text();
  Digest digest();

  std::size_t left() const { return rest_.size(); }
  /// Throws unless everything was read.
  void expect_end() const;
  [[noreturn]] void fail_corrupt(std::string_view found) const;

 private:
  std::string_view take(std::size_t size);

  std::string_view rest_;
  std::string_view what_;
};

}  // namespace strata
