#include "base/random_name.hpp"

#include <sys/random.h>

#include "base/retry.hpp"
#include "strata/base/error.hpp"

namespace strata {

std::string random_name() {
  char bits[8];
  if (retry_on_signal([&] { return ::getrandom(bits, sizeof bits, 0); }) != sizeof bits) {
    fail_errno("cannot get random bytes");
  }
  return cat(".new-", to_hex({bits, sizeof bits}));
}

}  // namespace strata
