#include "strata/base/url.hpp"

#include <doctest/doctest.h>

namespace strata {

TEST_CASE("a URL comes apart and together again") {
  const auto url = split_url("HTTPS://me:secret@[::1]:8443/a/b.tar?x=1&y#frag:dir");
  REQUIRE(url);
  CHECK(url->scheme == "https");
  CHECK(url->user == "me");
  CHECK(url->password == "secret");
  CHECK(url->host == "[::1]");
  CHECK(url->port == "8443");
  CHECK(url->path == "/a/b.tar");
  CHECK(url->query == "x=1&y");
  CHECK(url->fragment == "frag:dir");
  CHECK(to_string(*url) == "https://me:secret@[::1]:8443/a/b.tar?x=1&y#frag:dir");
  for (const char* text : {"http://h", "ssh://git@h/p.git", "git://h:9418/p?q=", "http://:p@h/#"})
    CHECK(to_string(*split_url(text)) == text);
}

TEST_CASE("what is no URL is none") {
  for (const char* text :
       {"", "/a/b", "h:p", "://h", "1x://h", "http://", "http:///p", "http://h:99999",
        "http://h:x/", "http://[::1/", "http://h/a b", "http://h/\n", "a b://h"})
    CHECK_MESSAGE(!split_url(text), text);
}

TEST_CASE("percent signs stand for bytes") {
  CHECK(percent_decoded("a%20b%2Fc%2f") == "a b/c/");
  CHECK(percent_decoded("") == "");
  for (const char* text : {"%", "%2", "a%", "%zz", "%2"})
    CHECK_MESSAGE(!percent_decoded(text), text);
}

TEST_CASE("credentials are masked wherever a URL stands") {
  CHECK(mask_credentials("ADD https://me:secret@h/x http://token@h /d") ==
        "ADD https://xxxxx@h/x http://xxxxx@h /d");
  CHECK(mask_credentials("ssh://git:secret@h/p.git ssh://git@h/p.git") ==
        "ssh://git:xxxxx@h/p.git ssh://git@h/p.git");
  CHECK(mask_credentials("'http://a:b@c@h'") == "'http://xxxxx@h'");
  CHECK(mask_credentials("http://u:p@") == "http://xxxxx@");
  for (const char* text : {"", "nothing", "http://h/p@q", "://", "a://", "git@h:p", "http://h"})
    CHECK(mask_credentials(text) == text);
}

}  // namespace strata
