#pragma once
/// URLs as the library reads them that will connect to them.

#include <string>

#include "http/curl.hpp"
#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

namespace strata::http {

/// A URL in the library's own hands.
class CurlUrl {
 public:
  explicit CurlUrl(const Curl& curl) : curl_(curl), url_(curl.url()) {
    if (url_ == nullptr) fail(ErrorKind::system, "no memory for a URL");
  }
  ~CurlUrl() { curl_.url_cleanup(url_); }
  CurlUrl(const CurlUrl&) = delete;
  CurlUrl& operator=(const CurlUrl&) = delete;

  /// Absolute, or relative to what is held. False if it cannot be read.
  bool set(const std::string& text) {
    return curl_.url_set(url_, CURLUPART_URL, text.c_str(), 0) == CURLUE_OK;
  }
  /// Empty for a part that is not there.
  std::string get(CURLUPart part, unsigned flags = 0) const {
    char* text = nullptr;
    if (curl_.url_get(url_, part, &text, flags) != CURLUE_OK) return {};
    std::string copy(text);
    curl_.free(text);
    return copy;
  }
  void set_part(CURLUPart part, const std::string& text) {
    curl_.url_set(url_, part, text.empty() ? nullptr : text.c_str(), 0);
  }
  bool is_web() const {
    const std::string scheme = get(CURLUPART_SCHEME);
    return scheme == "http" || scheme == "https";
  }
  /// Host, and the port if the URL has one.
  std::string host_and_port() const {
    const std::string port = get(CURLUPART_PORT);
    return cat(to_lower(get(CURLUPART_HOST)), port.empty() ? "" : ":", port);
  }
  /// Scheme, host and port, in one text.
  std::string origin() const {
    return cat(get(CURLUPART_SCHEME), "://", to_lower(get(CURLUPART_HOST)), ":",
               get(CURLUPART_PORT, CURLU_DEFAULT_PORT));
  }

 private:
  const Curl& curl_;
  CURLU* url_;
};

}  // namespace strata::http
