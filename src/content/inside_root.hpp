#pragma once
/// Names out of archives, made safe.

#include <string>
#include <string_view>

namespace strata {

/// The root path that a name in an archive means: a leading slash and "." components dropped.
/// Throws Error corrupt for "..", for NUL bytes and for more than path_size_max bytes; `what` says
/// whose name it is.
std::string inside_root(std::string_view name, std::string_view what);

}  // namespace strata
