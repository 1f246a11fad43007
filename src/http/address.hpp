#pragma once
/// Where on the networks an address lies.

#include <sys/socket.h>

#include <optional>
#include <string_view>

#include "strata/http/client.hpp"

namespace strata::http {

/// Nothing for what is neither IPv4 nor IPv6. An IPv4 address inside an IPv6 one counts as itself.
std::optional<AddressClass> class_of(const sockaddr& address);
std::optional<AddressClass> class_of(std::string_view text);

}  // namespace strata::http
