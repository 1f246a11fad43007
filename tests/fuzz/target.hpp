#pragma once
/// What every fuzz target defines: one function that takes any bytes and may throw nothing but
/// Error. With the preset `fuzz` each becomes a libFuzzer program, else a test that replays
/// testdata/fuzz/<target>.

#include <string_view>

#include "strata/base/error.hpp"

namespace strata::fuzz {

void try_input(std::string_view input);

}  // namespace strata::fuzz
