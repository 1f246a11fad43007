#include "strata/content/digest.hpp"

// EVP, which is meant to be used instead, sets up all that OpenSSL has before the first hash: a
// millisecond of each start. The code that hashes is the same, and none of this can fail.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <cstring>
#include <vector>

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

namespace strata {

namespace {

constexpr std::string_view algorithm_prefix = "sha256:";
constexpr std::size_t copy_buffer_size = 128 << 10;

std::string_view view_of(const Digest::Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

std::optional<Digest> Digest::find_hex(std::string_view hex) {
  Bytes bytes;
  if (hex.size() != 2 * bytes.size()) return std::nullopt;
  const auto decoded = from_hex(hex);
  if (!decoded) return std::nullopt;
  std::memcpy(bytes.data(), decoded->data(), bytes.size());
  return Digest(bytes);
}

std::optional<Digest> Digest::find(std::string_view text) {
  if (!text.starts_with(algorithm_prefix)) return std::nullopt;
  return find_hex(text.substr(algorithm_prefix.size()));
}

Digest Digest::parse(std::string_view text, std::string_view what) {
  if (const auto digest = find(text)) return *digest;
  // A hostile document may hold megabytes where a digest belongs; a message needs only the start.
  fail(ErrorKind::corrupt, what, ": expected \"sha256:\" and 64 lower-case hex digits, found ",
       quoted(text.substr(0, 100)));
}

Digest Digest::of(std::string_view bytes) {
  Hasher hasher;
  hasher.write(bytes);
  return hasher.finish();
}

std::string Digest::hex() const { return to_hex(view_of(bytes_)); }

std::string Digest::short_hex() const { return to_hex(view_of(bytes_).substr(0, 6)); }

std::string to_string(const Digest& digest) { return cat(algorithm_prefix, digest.hex()); }

ChainId chain_id(const std::optional<ChainId>& parent, const DiffId& layer) {
  if (!parent) return ChainId(layer.digest());
  return ChainId(Digest::of(cat(*parent, ' ', layer)));
}

void Hasher::Free::operator()(SHA256state_st* state) const { delete state; }

Hasher::Hasher() : state_(new SHA256state_st) { SHA256_Init(state_.get()); }

Hasher::Hasher(const HashState& state) : Hasher() {
  const std::uint64_t bits = 8 * state.size;
  state_->Nl = static_cast<SHA_LONG>(bits);
  state_->Nh = static_cast<SHA_LONG>(bits >> 32);
  for (std::size_t i = 0; i < state.words.size(); ++i)
    state_->h[i / 4] = (state_->h[i / 4] << 8) | state.words[i];
}

void Hasher::write(std::string_view bytes) {
  SHA256_Update(state_.get(), bytes.data(), bytes.size());
}

HashState Hasher::state() const {
  HashState state;
  const std::uint64_t bits = (static_cast<std::uint64_t>(state_->Nh) << 32) | state_->Nl;
  state.size = bits / 8 - state_->num;
  for (std::size_t i = 0; i < state.words.size(); ++i)
    state.words[i] = static_cast<std::uint8_t>(state_->h[i / 4] >> (24 - 8 * (i % 4)));
  return state;
}

Digest Hasher::digest() const {
  SHA256state_st copy = *state_;
  Digest::Bytes bytes;
  SHA256_Final(bytes.data(), &copy);
  return Digest(bytes);
}

Digest Hasher::finish() {
  Digest::Bytes bytes;
  SHA256_Final(bytes.data(), state_.get());
  state_.reset();
  return Digest(bytes);
}

Digest digest_of(Source& source) {
  Hasher hasher;
  std::vector<char> buffer(copy_buffer_size);
  while (const std::size_t count = source.read(buffer)) hasher.write({buffer.data(), count});
  return hasher.finish();
}

}  // namespace strata

std::size_t std::hash<strata::Digest>::operator()(const strata::Digest& digest) const noexcept {
  std::size_t value;
  std::memcpy(&value, digest.bytes().data(), sizeof value);
  return value;
}
