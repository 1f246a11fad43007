/// The cache key of a RUN step: its ingredients named, and their digest. The limit is one SHA-256
/// over the same framed bytes.

#include "pair.hpp"
#include "samples.hpp"
#include "strata/base/text.hpp"
#include "strata/plan/ingredients.hpp"

namespace strata::bench {

namespace {

constexpr int key_count = 1000;

using Named = std::vector<plan::Ingredient>;

/// As exec/run names them, with as many variables as an image of a language runtime sets.
Named ingredients_of_run() {
  Named named{{"argv", R"(["/bin/sh","-c","apt-get update && apt-get install -y curl git"])"},
              {"parent", to_string(Digest::of("parent"))},
              {"user", ""},
              {"working directory", "/usr/src/app"},
              {"network", "default"}};
  for (int number = 0; number < 12; ++number)
    named.push_back({cat("env VARIABLE_", number), cat("the value of variable ", number)});
  return named;
}

void put_number(std::string& bytes, std::uint64_t number) {
  for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(number >> shift);
}

void put_text(std::string& bytes, std::string_view text) {
  put_number(bytes, text.size());
  bytes += text;
}

/// The bytes that a key is the digest of.
std::string framed(const Named& named) {
  std::string bytes;
  put_number(bytes, named.size());
  for (const auto& [name, value] : named) {
    put_text(bytes, name);
    put_text(bytes, value);
  }
  return bytes;
}

CacheKey key_of(const Named& named) {
  plan::Ingredients ingredients;
  for (const auto& [name, value] : named) ingredients.add(name, value);
  return ingredients.key();
}

}  // namespace

void add_key_pairs() {
  static const Named named = ingredients_of_run();
  static const std::string bytes = framed(named);
  expect_same("cache key", key_of(named).digest() == Digest::of(bytes));
  add_pair(
      "cache key", {"key", key_count},
      [] {
        for (int n = 0; n < key_count; ++n) benchmark::DoNotOptimize(key_of(named));
      },
      [] {
        for (int n = 0; n < key_count; ++n) benchmark::DoNotOptimize(plain_sha256(bytes));
      });
}

}  // namespace strata::bench
