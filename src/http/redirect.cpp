#include "http/redirect.hpp"

#include <algorithm>
#include <array>

#include "http/curl_url.hpp"
#include "strata/base/error.hpp"
#include "strata/base/text.hpp"
#include "strata/base/url.hpp"

namespace strata::http {

namespace {

/// Headers that speak for the user.
constexpr std::array<std::string_view, 3> private_headers{"authorization", "cookie",
                                                          "proxy-authorization"};

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// 303 asks for a GET, and 301 and 302 are taken so after a POST by everyone (RFC 9110 §15.4).
bool becomes_get(int status, const std::string& method) {
  if (status == 303) return method != "HEAD";
  return (status == 301 || status == 302) && method == "POST";
}

void drop_private_headers(Headers& headers) {
  std::erase_if(headers, [](const Header& header) {
    const std::string name = to_lower(header.name);
    return std::find(private_headers.begin(), private_headers.end(), name) != private_headers.end();
  });
}

[[noreturn]] void refuse(const Request& request, const std::string& where, std::string_view why) {
  fail(ErrorKind::unreachable, mask_credentials(request.url), " leads to ",
       quoted(mask_credentials(where)), ", ", why);
}

}  // namespace

void check_url(const Curl& curl, const std::string& url) {
  CurlUrl parts(curl);
  if (!parts.set(url) || !parts.is_web())
    fail(ErrorKind::usage, quoted(mask_credentials(url)), " is no http or https URL");
}

std::optional<Request> find_redirect(const Curl& curl, const Request& request,
                                     const Answer& answer) {
  const std::string* where = find_header(answer.headers, "location");
  if (!is_redirect(answer.status) || where == nullptr) return std::nullopt;
  CurlUrl before(curl);
  CurlUrl after(curl);
  if (!before.set(request.url) || !after.set(request.url) || !after.set(*where))
    refuse(request, *where, "which is no URL");
  if (!after.is_web()) refuse(request, *where, "which is neither http nor https");
  if (before.get(CURLUPART_SCHEME) == "https" && after.get(CURLUPART_SCHEME) != "https")
    refuse(request, *where, "which is not encrypted: from https nobody is followed to http");

  Request next = request;
  const bool same_origin = before.origin() == after.origin();
  for (const CURLUPart part : {CURLUPART_USER, CURLUPART_PASSWORD})
    after.set_part(part, same_origin ? before.get(part) : std::string());
  if (!same_origin) drop_private_headers(next.headers);
  if (becomes_get(answer.status, request.method)) {
    next.method = "GET";
    next.open_body = nullptr;
    next.body_size = 0;
  }
  next.url = after.get(CURLUPART_URL);
  return next;
}

std::string without_credentials(const Curl& curl, const std::string& url) {
  CurlUrl parts(curl);
  if (!parts.set(url)) return mask_credentials(url);
  parts.set_part(CURLUPART_USER, {});
  parts.set_part(CURLUPART_PASSWORD, {});
  return parts.get(CURLUPART_URL);
}

}  // namespace strata::http
