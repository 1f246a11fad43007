// A record file is "sha256:<hex of the rest>\n" and the rest. It is written without syncing: what a
// loss of power leaves of it does not have its checksum and is no record.

#include "strata/store/records.hpp"

#include <sys/stat.h>

#include <cerrno>

#include "strata/base/error.hpp"
#include "strata/base/file.hpp"
#include "strata/base/text.hpp"

namespace strata::store {

namespace {

constexpr mode_t record_mode = 0644;
constexpr std::size_t record_size_max = 1u << 30;
constexpr std::size_t header_size = 7 + 64 + 1;  // "sha256:", the digits, a line feed

std::string header_of(std::string_view bytes) { return to_string(Digest::of(bytes)) + '\n'; }

void write_record(int fd, std::string_view bytes) {
  write_all(fd, header_of(bytes));
  write_all(fd, bytes);
}

}  // namespace

Records::Records(const Root& store, std::string folder)
    : directory_(store.open_directory(folder)) {}

std::optional<std::string> Records::find(const Digest& key) const {
  auto bytes = find_small_file(directory_.fd(), key.hex(), record_size_max);
  if (!bytes || bytes->size() < header_size) return std::nullopt;
  const std::string_view record = std::string_view(*bytes).substr(header_size);
  if (!bytes->starts_with(header_of(record))) return std::nullopt;
  bytes->erase(0, header_size);
  return bytes;
}

std::optional<std::string> Records::put_first(const Digest& key, std::string_view bytes) const {
  NewFile file(directory_.fd(), record_mode);
  write_record(file.fd(), bytes);
  if (file.commit_once(key.hex(), Durability::none)) return std::nullopt;
  if (auto standing = find(key)) return standing;
  put(key, bytes);  // what stood there is damaged
  return std::nullopt;
}

void Records::put(const Digest& key, std::string_view bytes) const {
  NewFile file(directory_.fd(), record_mode);
  write_record(file.fd(), bytes);
  file.commit_replacing(key.hex(), Durability::none);
}

void Records::touch(const Digest& key) const {
  // One that a prune has taken meanwhile needs none.
  if (::utimensat(directory_.fd(), key.hex().c_str(), nullptr, 0) != 0 && errno != ENOENT)
    fail_errno("touch the record ", key.hex());
}

void Records::remove(const Digest& key) const { directory_.remove(key.hex()); }

std::vector<Digest> Records::list() const {
  std::vector<Digest> keys;
  for (const std::string& name : directory_.list("")) {
    if (const auto key = Digest::find_hex(name)) keys.push_back(*key);
  }
  return keys;
}

std::uint64_t Records::size_on_disk(const Digest& key) const {
  const auto info = directory_.find_stat(key.hex());
  return info ? static_cast<std::uint64_t>(info->st_blocks) * 512 : 0;
}

}  // namespace strata::store
