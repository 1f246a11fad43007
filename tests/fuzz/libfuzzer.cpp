// The fuzzer's way into a target.

#include <cstddef>
#include <cstdint>

#include "fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    strata::fuzz::try_input({reinterpret_cast<const char*>(bytes), size});
  } catch (const strata::Error&) {
  }
  return 0;
}
