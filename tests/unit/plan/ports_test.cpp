#include "plan/ports.hpp"

#include <doctest/doctest.h>

#include "plan/signals.hpp"
#include "strata/base/error.hpp"

namespace strata::plan {

using Words = std::vector<std::string>;

TEST_CASE("ports come with their protocol and ranges as single ports") {
  CHECK(parse_ports("80") == Words{"80/tcp"});
  CHECK(parse_ports("80/") == Words{"80/tcp"});
  CHECK(parse_ports("53/UDP") == Words{"53/udp"});
  CHECK(parse_ports("0") == Words{"0/tcp"});
  CHECK(parse_ports("7-9/sctp") == Words{"7/sctp", "8/sctp", "9/sctp"});
  CHECK(parse_ports("0-65535").size() == 65536);
}

TEST_CASE("of a port on the host only the container's is kept") {
  CHECK(parse_ports("8080:80") == Words{"80/tcp"});
  CHECK(parse_ports("127.0.0.1:8080:80/udp") == Words{"80/udp"});
  CHECK(parse_ports("127.0.0.1::80") == Words{"80/tcp"});
  CHECK(parse_ports("[::1]:8080:80") == Words{"80/tcp"});
  CHECK(parse_ports("8080-8081:80-81") == Words{"80/tcp", "81/tcp"});
  CHECK(parse_ports("8080-8090:80") == Words{"80/tcp"});
}

TEST_CASE("what is no port is refused") {
  for (const char* word :
       {"", "/tcp", "-1", "1-", "-", "a", "80a", "80/http", "65536", "99999999999", "2-1", ":",
        "80:", "x:80", "1.2.3.4.5:1:80", "1-2:3-5", " 80"}) {
    CAPTURE(word);
    CHECK_THROWS_AS(parse_ports(word), Error);
  }
}

TEST_CASE("signals are known by number and by name in any case") {
  for (const char* text : {"1", "9", "64", "SIGTERM", "term", "sigkill", "Usr1", "SIGRTMIN",
                           "SIGRTMIN+3", "RTMAX-14", "RTMAX", "WINCH"}) {
    CAPTURE(text);
    CHECK(is_signal(text));
  }
  for (const char* text : {"", "0", "65", "-9", "SIG", "SIGSIGTERM", "TERMINATE", "RTMIN-1",
                           "RTMAX+1", "RTMIN+99", "RTMIN+", "9 "}) {
    CAPTURE(text);
    CHECK_FALSE(is_signal(text));
  }
}

}  // namespace strata::plan
