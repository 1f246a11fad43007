#pragma once
/// Where an answer leads: the rules of redirects. URLs are read by the library that will connect to
/// them, so that what is judged is what is used.

#include <optional>

#include "http/curl.hpp"
#include "strata/http/client.hpp"

namespace strata::http {

/// Throws Error usage for a URL that is not http or https, or not one at all.
void check_url(const Curl& curl, const std::string& url);

/// The request that follows `answer` to `request`; nothing if it is no redirect. To another origin
/// no credentials go along, and never any that the server named. Throws Error unreachable for a way
/// that is not taken: from https to http, or to something else.
std::optional<Request> find_redirect(const Curl& curl, const Request& request,
                                     const Answer& answer);

/// The URL without user and password.
std::string without_credentials(const Curl& curl, const std::string& url);

}  // namespace strata::http
