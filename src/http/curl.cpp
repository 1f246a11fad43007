#include "http/curl.hpp"

#include <dlfcn.h>

#include "strata/base/error.hpp"

namespace strata::http {

namespace {

constexpr const char* library_name = "libcurl.so.4";

template <class Function>
void find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  if (function == nullptr) fail(ErrorKind::system, library_name, " has no function ", name);
}

}  // namespace

Curl::Curl() {
  void* library = ::dlopen(library_name, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) {
    fail(ErrorKind::system, "the network needs ", library_name, " (", ::dlerror(),
         "); install the package libcurl4");
  }
  find(library, "curl_global_init", global_init);
  find(library, "curl_easy_init", easy_init);
  find(library, "curl_easy_cleanup", easy_cleanup);
  find(library, "curl_easy_reset", easy_reset);
  find(library, "curl_easy_perform", easy_perform);
  find(library, "curl_easy_setopt", easy_setopt);
  find(library, "curl_easy_getinfo", easy_getinfo);
  find(library, "curl_easy_strerror", easy_strerror);
  find(library, "curl_slist_append", slist_append);
  find(library, "curl_slist_free_all", slist_free_all);
  find(library, "curl_url", url);
  find(library, "curl_url_cleanup", url_cleanup);
  find(library, "curl_url_get", url_get);
  find(library, "curl_url_set", url_set);
  find(library, "curl_free", free);
  if (global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    fail(ErrorKind::system, library_name, " cannot be used");
}

}  // namespace strata::http
