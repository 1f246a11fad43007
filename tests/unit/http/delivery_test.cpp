// Bodies that are cut, change, stall or never end.

#include <doctest/doctest.h>

#include "unit/http/exchange.hpp"

namespace strata::http {

TEST_CASE("a body that was cut goes on where it ended") {
  const LoopbackServer server([](const std::string& request) {
    if (contains(request, "Range: bytes=4-\r\n") && contains(request, "If-Range: \"1\"\r\n"))
      return Reply{
          "HTTP/1.1 206 Part\r\nContent-Range: bytes 4-7/8\r\nContent-Length: 4\r\n\r\n5678"};
    return Reply{"HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: 8\r\n\r\n1234"};
  });
  const auto received = get(server.url("/"));
  CHECK(received.bodies.size() == 1);
  CHECK(received.body() == "12345678");
}

TEST_CASE(
    "a body that is cut more often than a request is tried comes all the same if it gets on") {
  const auto attempts_for = [](std::size_t part) {
    const std::size_t size = 6 * part;
    std::size_t sent = 0;
    const LoopbackServer server([&](const std::string&) {
      const std::string head = sent == 0
                                   ? cat("HTTP/1.1 200 OK\r\nContent-Length: ", size)
                                   : cat("HTTP/1.1 206 Part\r\nContent-Range: bytes ", sent, "-",
                                         size - 1, "/", size, "\r\nContent-Length: ", size - sent);
      sent += part;
      return Reply{cat(head, "\r\n\r\n", std::string(part, 'x'))};
    });
    Request request;
    request.url = server.url("/");
    request.is_immutable = true;
    try {
      const std::string body = send(request).body();
      CHECK(body == std::string(size, 'x'));
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::unreachable);
    }
    return server.requests().size();
  };
  CHECK(attempts_for(1u << 20) == 6);
  CHECK(attempts_for(1000) == quick_settings().attempts_max);
}

TEST_CASE("only what proves the same bytes is a validator") {
  const std::string sent = "Sun, 06 Nov 1994 08:49:37 GMT";
  const std::string settled = "Sun, 06 Nov 1994 08:48:37 GMT";
  CHECK(strong_validator({{"ETag", "\"1\""}, {"Last-Modified", settled}}) == "\"1\"");
  CHECK(strong_validator({{"ETag", "W/\"1\""}}).empty());
  CHECK(strong_validator({{"Last-Modified", settled}, {"Date", sent}}) == settled);
  CHECK(strong_validator({{"ETag", "W/\"1\""}, {"Last-Modified", settled}, {"Date", sent}}) ==
        settled);
  CHECK(strong_validator({{"Last-Modified", sent}, {"Date", sent}}).empty());
  CHECK(strong_validator({{"Last-Modified", settled}}).empty());
  CHECK(strong_validator({}).empty());
}

TEST_CASE("a body that changed meanwhile begins anew") {
  int count = 0;
  const LoopbackServer server([&](const std::string&) {
    if (count++ == 0)
      return Reply{"HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: 8\r\n\r\n1234"};
    return Reply{ok("abcdefgh", "ETag: \"2\"\r\n")};
  });
  const auto received = get(server.url("/"));
  CHECK(received.bodies.size() == 2);
  CHECK(received.body() == "abcdefgh");
}

TEST_CASE("the rest of something else is refused") {
  const LoopbackServer server([](const std::string& request) {
    if (contains(request, "Range:"))
      return Reply{
          "HTTP/1.1 206 Part\r\nContent-Range: bytes 0-3/8\r\nContent-Length: 4\r\n\r\n1234"};
    return Reply{"HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: 8\r\n\r\n1234"};
  });
  CHECK(contains(error_of(server.url("/")).message(), "asked for the bytes from 4 on"));
}

TEST_CASE("a body that is always cut is no body") {
  const LoopbackServer server(
      [](const std::string&) { return Reply{"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n1234"}; });
  const Error error = error_of(server.url("/"));
  CHECK(error.kind() == ErrorKind::unreachable);
  CHECK(contains(error.message(), "after 3 attempts"));
}

TEST_CASE("a server that says nothing more is not waited for") {
  const LoopbackServer server([](const std::string&) {
    return Reply{"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n1234", Reply::Then::keep_silent};
  });
  Request request;
  request.url = server.url("/");
  Settings settings = quick_settings();
  settings.attempts_max = 1;
  CHECK_THROWS_AS(send(request, settings), Error);
}

TEST_CASE("a body without end is cut at the size allowed") {
  const LoopbackServer server([](const std::string&) {
    return Reply{"HTTP/1.1 200 OK\r\n\r\n", Reply::Then::go_on_forever};
  });
  Request request;
  request.url = server.url("/");
  request.answer_size_max = 100'000;
  try {
    send(request);
    FAIL("taken");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::corrupt);
  }
}

}  // namespace strata::http
