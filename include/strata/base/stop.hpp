#pragma once
/// A wish to stop, passed down to work that takes long. One side asks, the other looks.

#include <chrono>
#include <stop_token>

#include "strata/base/error.hpp"

namespace strata {

/// Throws Error interrupted if a stop was asked for.
inline void throw_if_stopped(const std::stop_token& stop) {
  if (stop.stop_requested()) fail(ErrorKind::interrupted, "stopped");
}

/// Lets the time pass, but throws Error interrupted as soon as a stop is asked for.
void wait_or_stop(std::chrono::milliseconds pause, const std::stop_token& stop);

}  // namespace strata
