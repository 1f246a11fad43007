#pragma once
/// Which hosts are asked without a proxy: the variable no_proxy as libcurl and others read it.

#include <string>
#include <string_view>

namespace strata::http {

/// Whether a list names a host, which is as it stands in a URL ("example.org", "[::1]"). The list's
/// entries, with commas or blanks between, are names, which mean all names below them too, with or
/// without a dot before; addresses; networks ("10.0.0.0/8"); or "*", which is everybody.
bool is_unproxied(std::string_view list, std::string_view host);

}  // namespace strata::http
