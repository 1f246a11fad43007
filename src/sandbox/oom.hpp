#pragma once
/// Whether the kernel killed for want of memory, as far as the engine's own memory cgroup tells:
/// sandboxes are in it.

#include <cstdint>

#include "strata/base/fd.hpp"

namespace strata::sandbox {

class OomCounter {
 public:
  /// Counts nothing where there is no memory cgroup.
  OomCounter();

  /// How many processes have been killed so far.
  std::uint64_t kills() const;

 private:
  Fd file_;
};

}  // namespace strata::sandbox
