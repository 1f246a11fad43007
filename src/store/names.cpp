#include "store/names.hpp"

#include <sys/random.h>
#include <unistd.h>

#include <cstring>

#include "strata/base/error.hpp"

namespace strata::store {

LockRange byte_of(const Digest& digest) {
  std::int64_t start = 0;
  std::memcpy(&start, digest.bytes().data(), sizeof start);
  return {start & 0x3fff'ffff'ffff'ffff, 1};
}

std::string random_hex(std::size_t bytes) {
  std::string bits(bytes, '\0');
  // Up to 256 bytes come whole and cannot be interrupted (getrandom(2)).
  if (::getrandom(bits.data(), bits.size(), 0) != static_cast<ssize_t>(bytes)) {
    fail_errno("cannot get random bytes");
  }
  return to_hex(bits);
}

std::string host_path_of(const Root& directory) {
  const std::string magic_link = cat("/proc/self/fd/", directory.fd());
  std::string path(4096, '\0');
  const ssize_t length = ::readlink(magic_link.c_str(), path.data(), path.size());
  if (length < 0) fail_errno("cannot find the path of a directory of the store");
  path.resize(static_cast<std::size_t>(length));
  return path;
}

}  // namespace strata::store
