#pragma once
/// A wish to stop, passed down to work that takes long. One side asks, the other looks.

#include <stop_token>

#include "strata/base/error.hpp"

namespace strata {

/// Throws Error interrupted if a stop was asked for.
inline void throw_if_stopped(const std::stop_token& stop) {
  if (stop.stop_requested()) fail(ErrorKind::interrupted, "stopped");
}

}  // namespace strata
