#pragma once
/// Names for bytes. A Digest is 32 bytes of SHA-256, never empty and never a text from outside: a
/// text becomes one only by `Digest::parse`. What a digest is *of* is part of its type, so that a
/// layer's DiffId cannot be handed where the digest of its compressed blob is meant.

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "strata/base/io.hpp"

struct SHA256state_st;  // OpenSSL's SHA256_CTX

namespace strata {

/// SHA-256 of some bytes; the digest of a blob as it is stored (OCI image-spec, descriptor.md).
class Digest {
 public:
  using Bytes = std::array<std::uint8_t, 32>;

  explicit Digest(const Bytes& bytes) : bytes_(bytes) {}
  /// "sha256:" and 64 lower-case hex digits; anything else is Error corrupt naming `what`.
  static Digest parse(std::string_view text, std::string_view what = "digest");
  /// As parse; nothing instead of an error.
  static std::optional<Digest> find(std::string_view text);
  static std::optional<Digest> find_hex(std::string_view hex);
  static Digest of(std::string_view bytes);

  const Bytes& bytes() const { return bytes_; }
  /// 64 hex digits.
  std::string hex() const;
  /// The first 12 hex digits, as people are shown them.
  std::string short_hex() const;

  friend auto operator<=>(const Digest&, const Digest&) = default;

 private:
  Bytes bytes_;
};

/// "sha256:" and the hex digits.
std::string to_string(const Digest& digest);

/// A digest of one certain kind of thing. Kinds do not convert into each other.
template <class Kind>
class TypedDigest {
 public:
  explicit TypedDigest(const Digest& digest) : digest_(digest) {}
  static TypedDigest parse(std::string_view text) {
    return TypedDigest(Digest::parse(text, Kind::name));
  }

  const Digest& digest() const { return digest_; }
  std::string hex() const { return digest_.hex(); }
  friend auto operator<=>(const TypedDigest&, const TypedDigest&) = default;
  friend std::string to_string(const TypedDigest& typed) { return to_string(typed.digest_); }

 private:
  Digest digest_;
};

namespace digest_kind {
struct Diff {
  static constexpr const char* name = "diff id";
};
struct Chain {
  static constexpr const char* name = "chain id";
};
struct Content {
  static constexpr const char* name = "content digest";
};
struct Cache {
  static constexpr const char* name = "cache key";
};
}  // namespace digest_kind

/// A layer's uncompressed tar (OCI config.md, "Layer DiffID").
using DiffId = TypedDigest<digest_kind::Diff>;
/// A stack of layers (OCI config.md, "Layer ChainID").
using ChainId = TypedDigest<digest_kind::Chain>;
/// The bytes of one regular file.
using ContentDigest = TypedDigest<digest_kind::Content>;
/// All that a build step depends on.
using CacheKey = TypedDigest<digest_kind::Cache>;

/// The ChainID of `parent` with one more layer on it; without a parent, of that layer alone.
ChainId chain_id(const std::optional<ChainId>& parent, const DiffId& layer);

/// How far a hash has come, in whole blocks: from there on it can be done again without what lies
/// before.
struct HashState {
  static constexpr std::uint64_t block_size = 64;

  /// H of FIPS 180-4, each word's highest byte first; at the beginning that of section 5.3.3.
  std::array<std::uint8_t, 32> words{0x6a, 0x09, 0xe6, 0x67, 0xbb, 0x67, 0xae, 0x85,
                                     0x3c, 0x6e, 0xf3, 0x72, 0xa5, 0x4f, 0xf5, 0x3a,
                                     0x51, 0x0e, 0x52, 0x7f, 0x9b, 0x05, 0x68, 0x8c,
                                     0x1f, 0x83, 0xd9, 0xab, 0x5b, 0xe0, 0xcd, 0x19};
  std::uint64_t size = 0;  ///< bytes hashed: of what was written, all but a part of a block
  friend bool operator==(const HashState&, const HashState&) = default;
};

/// SHA-256 of what was written to it so far.
class Hasher : public Sink {
 public:
  Hasher();
  /// Goes on as if all that is in the state had been written.
  explicit Hasher(const HashState& state);
  void write(std::string_view bytes) override;
  HashState state() const;
  /// The digest so far.
  Digest digest() const;
  /// The digest; the hasher is spent afterwards.
  Digest finish();

 private:
  struct Free {
    void operator()(SHA256state_st* state) const;
  };
  std::unique_ptr<SHA256state_st, Free> state_;
};

/// Hashes all of a source.
Digest digest_of(Source& source);

}  // namespace strata

template <>
struct std::hash<strata::Digest> {
  std::size_t operator()(const strata::Digest& digest) const noexcept;
};
