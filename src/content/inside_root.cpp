#include "content/inside_root.hpp"

#include <algorithm>

#include "content/limits.hpp"
#include "strata/base/error.hpp"
#include "strata/base/path.hpp"

namespace strata {

std::string inside_root(std::string_view name, std::string_view what) {
  if (name.size() > path_size_max)
    fail(ErrorKind::corrupt, what, " has a name of ", name.size(), " bytes; at most ",
         path_size_max, " are allowed: ", quoted(name.substr(0, 100)), "…");
  if (name.find('\0') != name.npos)
    fail(ErrorKind::corrupt, what, " has a name with a NUL byte: ", quoted(name));
  const auto components = path_components(name);
  if (std::find(components.begin(), components.end(), "..") != components.end())
    fail(ErrorKind::corrupt, what, " climbs out of its directory: ", quoted(name));
  return root_path(name);
}

}  // namespace strata
