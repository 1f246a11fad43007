#pragma once
/// Sources of ADD that are not in the build context (reference dockerfile.md §1.6, "ADD only").

#include <optional>
#include <string_view>

namespace strata::plan {

/// "URL" or "git" for a source that lies elsewhere; nothing for a path of the context.
std::optional<std::string_view> find_remote_kind(std::string_view source);

}  // namespace strata::plan
