#pragma once
/// The PATH of a stage whose base image has none.

#include <string_view>

namespace strata::plan {

inline constexpr std::string_view default_path =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

}  // namespace strata::plan
