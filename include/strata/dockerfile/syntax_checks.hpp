#pragma once
/// The build checks that need nothing but the text: those of single instructions and those of the
/// file as a whole.

#include <vector>

#include "strata/dockerfile/check_settings.hpp"
#include "strata/dockerfile/file.hpp"

namespace strata::dockerfile {

/// What the settings report, the warnings of lexing included; in no particular order. In a file
/// that `check_structure` refuses only the instructions up to the first mistake are looked at.
std::vector<Warning> check_syntax(const File& file, const CheckSettings& settings);

}  // namespace strata::dockerfile
