#pragma once
/// One exchange: a request goes out, its answer comes in. Redirects and second attempts are the
/// business of whoever asks for it.

#include <optional>
#include <string>

#include "http/curl.hpp"
#include "http/delivery.hpp"
#include "strata/http/client.hpp"

namespace strata::http {

/// How an exchange ended without a whole answer.
struct Breakdown {
  std::string what;  ///< the library's words
  bool is_passing;   ///< another attempt may go better
  /// The server asked for a certificate and then broke off. In TLS 1.3 it may do so before its
  /// reason is read, so the words need not tell.
  bool wants_certificate = false;
};

struct Exchange {
  Answer answer;
  std::optional<Breakdown> breakdown;
};

/// `handle` is reset and then used for this exchange alone; its connections stay. A success's body
/// goes to `delivery`. Throws Error interrupted, corrupt for headers without end, and what sink and
/// source throw.
Exchange exchange(const Curl& curl, CURL* handle, const Settings& settings, const Request& request,
                  Delivery& delivery, const std::stop_token& stop);

}  // namespace strata::http
