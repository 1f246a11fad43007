#pragma once
/// System calls that a signal may cut short.

#include <cerrno>

namespace strata {

/// Repeats `call` until it ends for a reason other than a signal.
template <class Call>
auto retry_on_signal(Call call) {
  for (;;) {
    const auto result = call();
    if (result != -1 || errno != EINTR) return result;
  }
}

}  // namespace strata
