#include "samples.hpp"

#include <openssl/evp.h>

#include <memory>
#include <random>

#include "strata/base/text.hpp"

namespace strata::bench {

namespace {

constexpr std::int64_t some_time = 1'700'000'000;
constexpr std::uint64_t tar_block = 512;

Entry directory_entry(std::string path) {
  Entry entry;
  entry.path = std::move(path);
  entry.type = EntryType::directory;
  entry.mode = 0755;
  entry.mtime = some_time;
  return entry;
}

Entry file_entry(std::string path, std::uint64_t number, std::uint64_t& tar_offset) {
  Entry entry;
  entry.path = std::move(path);
  entry.mode = 0644;
  entry.mtime = some_time + static_cast<std::int64_t>(number % 1000);
  entry.size = 1000 + number % 7000;
  entry.content = ContentDigest(Digest::of(cat(number)));
  entry.data_offset = tar_offset + tar_block;
  tar_offset = entry.data_offset + (entry.size + tar_block - 1) / tar_block * tar_block;
  return entry;
}

/// A name of fixed length, so that the order of numbers is that of names.
std::string numbered(std::string_view word, int number) { return cat(word, 1000 + number); }

}  // namespace

std::vector<Entry> source_entries(int wide, int files) {
  std::vector<Entry> entries;
  std::uint64_t tar_offset = 0;
  for (int outer = 0; outer < wide; ++outer) {
    const std::string parent = numbered("package", outer);
    entries.push_back(directory_entry(parent));
    for (int inner = 0; inner < wide; ++inner) {
      const std::string path = cat(parent, '/', numbered("module", inner));
      entries.push_back(directory_entry(path));
      for (int file = 0; file < files; ++file)
        entries.push_back(
            file_entry(cat(path, '/', numbered("file", file), ".js"), entries.size(), tar_offset));
    }
  }
  return entries;
}

std::string mixed_bytes(std::size_t size) {
  constexpr std::size_t block = 64 << 10;
  std::mt19937_64 noise(3);
  std::string bytes;
  bytes.reserve(size);
  while (bytes.size() < size) {
    const bool is_text = bytes.size() / block % 2 == 0;
    if (is_text)
      bytes += cat("line ", bytes.size(), " of a text that is somewhat like the others\n");
    else
      bytes += static_cast<char>(noise());
  }
  bytes.resize(size);
  return bytes;
}

Digest::Bytes plain_sha256(std::string_view bytes) {
  static EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(
      EVP_MD_CTX_new(), EVP_MD_CTX_free);
  Digest::Bytes digest;
  EVP_DigestInit_ex2(context.get(), sha256, nullptr);
  EVP_DigestUpdate(context.get(), bytes.data(), bytes.size());
  EVP_DigestFinal_ex(context.get(), digest.data(), nullptr);
  return digest;
}

}  // namespace strata::bench
