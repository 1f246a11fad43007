#include "store/names.hpp"

#include <sys/random.h>
#include <unistd.h>

#include "strata/base/error.hpp"

namespace strata::store {

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
