#pragma once
/// Names for things that shall not have their final name yet.

#include <string>

namespace strata {

/// A file name that nobody else has chosen: a dot, and 64 random bits.
std::string random_name();

}  // namespace strata
