#include "input/host_file.hpp"

#include <fcntl.h>

#include "strata/base/error.hpp"

namespace strata::input {

Fd open_host_file(const std::string& host_path) {
  Fd file(::open(host_path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) fail_errno("cannot open ", quoted(host_path));
  return file;
}

}  // namespace strata::input
