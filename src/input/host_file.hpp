#pragma once
/// Files that the user named on the command line.

#include <string>

#include "strata/base/fd.hpp"

namespace strata::input {

/// Opens for reading. Throws as errno says.
Fd open_host_file(const std::string& host_path);

}  // namespace strata::input
