#pragma once
/// libcurl, loaded at run time: it draws some twenty libraries in, and most builds need no network.

#include <curl/curl.h>

#include <memory>
#include <string>

namespace strata::http {

/// The functions of the library, under their names without "curl_". Thread-safe once made.
class Curl {
 public:
  /// Throws Error system saying what to install if there is no libcurl.so.4.
  Curl();

  decltype(&::curl_global_init) global_init;
  decltype(&::curl_easy_init) easy_init;
  decltype(&::curl_easy_cleanup) easy_cleanup;
  decltype(&::curl_easy_reset) easy_reset;
  decltype(&::curl_easy_perform) easy_perform;
  decltype(&::curl_easy_setopt) easy_setopt;
  decltype(&::curl_easy_getinfo) easy_getinfo;
  decltype(&::curl_easy_strerror) easy_strerror;
  decltype(&::curl_slist_append) slist_append;
  decltype(&::curl_slist_free_all) slist_free_all;
  decltype(&::curl_url) url;
  decltype(&::curl_url_cleanup) url_cleanup;
  decltype(&::curl_url_get) url_get;
  decltype(&::curl_url_set) url_set;
  decltype(&::curl_free) free;
};

}  // namespace strata::http
