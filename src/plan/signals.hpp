#pragma once
/// Names of signals, as STOPSIGNAL takes them.

#include <string_view>

namespace strata::plan {

/// True for 1 to 64 and for Linux's names in any case, with or without SIG: "SIGTERM", "kill",
/// "RTMIN+3".
bool is_signal(std::string_view text);

}  // namespace strata::plan
