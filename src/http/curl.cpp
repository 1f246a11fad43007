#include "http/curl.hpp"

#include "strata/base/error.hpp"
#include "strata/base/shared_library.hpp"

namespace strata::http {

Curl::Curl() {
  const SharedLibrary library("libcurl.so.4", "the network", "libcurl4");
  library.find("curl_global_init", global_init);
  library.find("curl_easy_init", easy_init);
  library.find("curl_easy_cleanup", easy_cleanup);
  library.find("curl_easy_reset", easy_reset);
  library.find("curl_easy_perform", easy_perform);
  library.find("curl_easy_setopt", easy_setopt);
  library.find("curl_easy_getinfo", easy_getinfo);
  library.find("curl_easy_strerror", easy_strerror);
  library.find("curl_slist_append", slist_append);
  library.find("curl_slist_free_all", slist_free_all);
  library.find("curl_url", url);
  library.find("curl_url_cleanup", url_cleanup);
  library.find("curl_url_get", url_get);
  library.find("curl_url_set", url_set);
  library.find("curl_free", free);
  if (global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    fail(ErrorKind::system, "libcurl cannot be used");
}

}  // namespace strata::http
