// Which secret is meant for which host, and what it says there.

#include "strata/remote/credentials.hpp"

#include <doctest/doctest.h>

#include "strata/base/error.hpp"

namespace strata::remote {

namespace {

/// "ID VALUE" of the secret that is found, or nothing.
std::string found(const Secrets& secrets, const std::string& url, Wanted wanted = Wanted::file) {
  const auto credential = find_credential(secrets, split_url(url).value(), wanted);
  return credential ? credential->secret + " " + credential->authorization : "";
}

}  // namespace

TEST_CASE("a token is borne to the host that its id names and to no other") {
  const Secrets secrets{{"HTTP_AUTH_TOKEN_h", "t"}, {"GIT_AUTH_TOKEN", "g"}};
  CHECK(found(secrets, "https://h/x") == "HTTP_AUTH_TOKEN_h Bearer t");
  CHECK(found(secrets, "http://h/x") == "HTTP_AUTH_TOKEN_h Bearer t");
  for (const char* other : {"https://g/x", "https://h.g/x", "https://h:8443/x", "https://h:80/x",
                            "http://h:443/x", "https://h@g/x", "ssh://h/x", "git://h/x"}) {
    CAPTURE(other);
    CHECK(found(secrets, other).empty());
  }
}

TEST_CASE("a port that the scheme has anyway may stand in the URL or the id") {
  CHECK(found({{"HTTP_AUTH_TOKEN_h", "t"}}, "https://H:443/x") == "HTTP_AUTH_TOKEN_h Bearer t");
  CHECK(found({{"HTTP_AUTH_TOKEN_h:443", "t"}}, "https://h:443/") != "");
  CHECK(found({{"HTTP_AUTH_TOKEN_h", "t"}}, "http://h:80/x") != "");
  CHECK(found({{"HTTP_AUTH_TOKEN_h:81", "t"}}, "http://h:81/x") != "");
  CHECK(found({{"HTTP_AUTH_TOKEN_[::1]:81", "t"}}, "http://[::1]:81/x") != "");
}

TEST_CASE("a header goes before a token and what names the host before what does not") {
  Secrets secrets{{"GIT_AUTH_TOKEN", "token"}};
  const auto next = [&](const char* id, const char* secret) {
    secrets[id] = secret;
    return found(secrets, "https://h/p.git", Wanted::repository);
  };
  CHECK(found(secrets, "https://h/p.git", Wanted::repository) ==
        "GIT_AUTH_TOKEN Basic eC1hY2Nlc3MtdG9rZW46dG9rZW4=");
  CHECK(next("GIT_AUTH_HEADER", "a") == "GIT_AUTH_HEADER a");
  CHECK(next("HTTP_AUTH_TOKEN_h", "t") == "HTTP_AUTH_TOKEN_h Basic eC1hY2Nlc3MtdG9rZW46dA==");
  CHECK(next("HTTP_AUTH_HEADER_h", "b") == "HTTP_AUTH_HEADER_h b");
  CHECK(next("GIT_AUTH_TOKEN.h", "t") == "GIT_AUTH_TOKEN.h Basic eC1hY2Nlc3MtdG9rZW46dA==");
  CHECK(next("GIT_AUTH_HEADER.h", "c") == "GIT_AUTH_HEADER.h c");
}

TEST_CASE("what names no host is not sent in the clear") {
  const Secrets secrets{{"GIT_AUTH_TOKEN", "t"}, {"GIT_AUTH_TOKEN.g", "t"}};
  const auto of = [&](const char* url) {
    return find_credential(secrets, split_url(url).value(), Wanted::repository).value();
  };
  CHECK(of("https://h/p.git").may_be_sent);
  CHECK_FALSE(of("http://h/p.git").may_be_sent);
  CHECK(of("http://g/p.git").may_be_sent);
}

TEST_CASE("a secret is one line and its bytes stand in no error") {
  CHECK(found({{"HTTP_AUTH_HEADER_h", "Bearer a b\n"}}, "https://h/x") ==
        "HTTP_AUTH_HEADER_h Bearer a b");
  for (const std::string wrong : {"", " \n", "secret\r\nCookie: x", "secret\nx"}) {
    try {
      found({{"HTTP_AUTH_HEADER_h", wrong}}, "https://h/x");
      FAIL("was taken");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::usage);
      CHECK(error.message().find("HTTP_AUTH_HEADER_h") != std::string::npos);
      CHECK(error.message().find("Cookie") == std::string::npos);
    }
  }
}

TEST_CASE("basic credentials are as the specification writes them") {
  CHECK(basic_authorization("Aladdin", "open sesame") == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

}  // namespace strata::remote
