#include "plan/heredoc_name.hpp"

#include "plan/findings.hpp"

namespace strata::plan {

void check_heredoc_name(std::string_view name) {
  const bool usable = !name.empty() && name != "." && name != ".." &&
                      name.find('/') == std::string_view::npos &&
                      name.find('\0') == std::string_view::npos;
  if (usable) return;
  refuse(cat("<<", name, ": the file would be called ", quoted(name)),
         "a heredoc's name must be one that a file can have");
}

}  // namespace strata::plan
