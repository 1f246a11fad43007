// Against a server that misbehaves in every way that one can.

#include "strata/http/client.hpp"

#include <doctest/doctest.h>

#include "unit/http/exchange.hpp"

namespace strata::http {

TEST_CASE("an answer comes with status headers and body") {
  const LoopbackServer server(
      [](const std::string&) { return Reply{ok("body", "ETag: \"1\"\r\n")}; });
  const auto received = get(server.url("/x"), {{"Accept", "text/plain"}});
  CHECK(received.answer.status == 200);
  CHECK(received.body() == "body");
  CHECK(*find_header(received.answer.headers, "etag") == "\"1\"");
  CHECK(received.answer.url == server.url("/x"));
  REQUIRE(server.requests().size() == 1);
  CHECK(server.requests()[0].starts_with("GET /x HTTP/1.1\r\n"));
  CHECK(contains(server.requests()[0], "Accept: text/plain\r\n"));
  CHECK(contains(server.requests()[0], "User-Agent: strata/"));
}

TEST_CASE("a success without a body begins one all the same") {
  const LoopbackServer server([](const std::string&) { return Reply{ok("")}; });
  CHECK(get(server.url("/")).bodies.size() == 1);
}

TEST_CASE("what is no success is an answer with its problem and no body") {
  const LoopbackServer server(
      [](const std::string&) { return Reply{"HTTP/1.1 404 No\r\nContent-Length: 4\r\n\r\ngone"}; });
  const auto received = get(server.url("/"));
  CHECK(received.answer.status == 404);
  CHECK(received.answer.problem == "gone");
  CHECK(received.bodies.empty());
  CHECK_THROWS_AS(fail_status(received.answer), Error);
}

TEST_CASE("a body goes out with its length and method") {
  const LoopbackServer server([](const std::string&) { return Reply{ok("")}; });
  Request request;
  request.method = "PUT";
  request.url = server.url("/up");
  request.open_body = [] { return std::make_unique<StringSource>("12345"); };
  request.body_size = 5;
  CHECK(send(request).answer.status == 200);
  CHECK(server.requests()[0].starts_with("PUT /up"));
  CHECK(contains(server.requests()[0], "Content-Length: 5\r\n"));
}

TEST_CASE("what never changes goes on after a cut without a validator") {
  const LoopbackServer server([](const std::string& request) {
    if (contains(request, "Range: bytes=3-"))
      return Reply{
          "HTTP/1.1 206 Partial\r\nContent-Range: bytes 3-5/6\r\nContent-Length: 3\r\n\r\ndef"};
    return Reply{"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc"};
  });
  Request request;
  request.url = server.url("/blob");
  request.is_immutable = true;
  const auto received = send(request);
  CHECK(received.body() == "abcdef");
  CHECK(received.bodies.size() == 1);
  CHECK(!contains(server.requests()[1], "If-Range"));
}

TEST_CASE("a request can ask for fewer attempts than the settings allow") {
  const LoopbackServer server(
      [](const std::string&) { return Reply{"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"}; });
  Request request;
  request.url = server.url("/");
  request.attempts_max = 1;
  CHECK(may_pass(send(request).answer));
  CHECK(server.requests().size() == 1);
}

TEST_CASE("a peer in a network that is not allowed is not spoken to") {
  const LoopbackServer server([](const std::string&) { return Reply{ok("there")}; });
  Request request;
  request.url = server.url("/");
  request.peers = {AddressClass::global, AddressClass::private_use};
  try {
    send(request);
    FAIL_CHECK("no error");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::denied);
  }
  CHECK(server.requests().empty());
  request.peers.insert(AddressClass::loopback);
  CHECK(send(request).answer.peer == AddressClass::loopback);
}

TEST_CASE("what leads where is read as the library that connects reads it") {
  const Client client(quick_settings());
  CHECK(client.resolve("http://a.example/v2/x?y=1", "/z?w=2") == "http://a.example/z?w=2");
  CHECK(client.resolve("http://a.example/v2/x", "https://b.example/z") == "https://b.example/z");
  CHECK(client.origin("HTTPS://A.example/x") == "https://a.example:443");
  CHECK(client.origin("http://me@a.example:80/x") == client.origin("http://A.EXAMPLE"));
  CHECK_THROWS_AS(client.resolve("http://a.example/", "file:///etc/passwd"), Error);
}

TEST_CASE("within an origin credentials go along") {
  const LoopbackServer server([](const std::string& request) {
    return Reply{contains(request, "GET /a") ? redirect(302, "/b") : ok("there")};
  });
  CHECK(get(server.url("/a"), {{"Authorization", "secret"}}).body() == "there");
  CHECK(contains(server.requests()[1], "Authorization: secret"));
}

TEST_CASE("to another origin no credentials go along") {
  const LoopbackServer other([](const std::string&) { return Reply{ok("there")}; });
  for (const std::string& where : {other.url("/b"), "//" + other.url("/b").substr(7)}) {
    const LoopbackServer server([&](const std::string&) { return Reply{redirect(307, where)}; });
    std::string with_user = server.url("/a");
    with_user.insert(7, "me:secret@");
    const Headers headers{{"authorization", "secret"}, {"COOKIE", "secret"}, {"X-Other", "plain"}};
    const auto received = get(with_user, headers);
    CHECK(received.body() == "there");
    CHECK(received.answer.url == other.url("/b"));
    CHECK(contains(to_lower(server.requests()[0]), "authorization:"));
    CHECK(!contains(to_lower(other.requests().back()), "authorization"));
    CHECK(!contains(other.requests().back(), "secret"));
    CHECK(contains(other.requests().back(), "X-Other: plain"));
  }
}

TEST_CASE("credentials that a server names are not used") {
  const LoopbackServer server([](const std::string& request) {
    if (!contains(request, "GET /a")) return Reply{ok("there")};
    std::string host = request.substr(request.find("Host: ") + 6);
    host.resize(host.find('\r'));
    return Reply{redirect(302, cat("http://planted:secret@", host, "/b"))};
  });
  CHECK(get(server.url("/a")).body() == "there");
  CHECK(!contains(server.requests()[1], "Authorization"));
}

TEST_CASE("a redirect away from the web is refused") {
  for (const char* where :
       {"file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://x/", "dict://x/"}) {
    const LoopbackServer server([&](const std::string&) { return Reply{redirect(302, where)}; });
    const Error error = error_of(server.url("/"));
    CHECK(error.kind() == ErrorKind::unreachable);
    CHECK(contains(error.message(), where));
  }
}

TEST_CASE("redirects end") {
  const LoopbackServer server([](const std::string&) { return Reply{redirect(302, "/again")}; });
  CHECK(contains(error_of(server.url("/")).message(), "more than 10 redirects"));
  CHECK(server.requests().size() == 11);
}

TEST_CASE("a POST that is sent elsewhere by 303 becomes a GET and by 307 stays") {
  for (const auto& [status, method] : {std::pair(303, "GET"), std::pair(307, "POST")}) {
    const LoopbackServer server([status = status](const std::string& request) {
      return Reply{contains(request, " /a ") ? redirect(status, "/b") : ok("")};
    });
    Request request;
    request.method = "POST";
    request.url = server.url("/a");
    send(request);
    CHECK(server.requests()[1].starts_with(method));
  }
}

TEST_CASE("a server that is busy is asked again") {
  int busy = 2;
  const LoopbackServer server([&](const std::string&) {
    if (busy-- > 0)
      return Reply{"HTTP/1.1 429 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"};
    return Reply{ok("done")};
  });
  CHECK(get(server.url("/")).body() == "done");
  CHECK(server.requests().size() == 3);
}

TEST_CASE("a server that stays busy is believed in the end") {
  const LoopbackServer server(
      [](const std::string&) { return Reply{"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"}; });
  CHECK(get(server.url("/")).answer.status == 503);
  CHECK(server.requests().size() == 3);
}

TEST_CASE("what may not be sent twice is not") {
  const LoopbackServer server(
      [](const std::string&) { return Reply{"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"}; });
  Request request;
  request.method = "POST";
  request.url = server.url("/");
  CHECK(send(request).answer.status == 503);
  CHECK(server.requests().size() == 1);
}

TEST_CASE("headers and problems without end are cut") {
  const LoopbackServer headers([](const std::string&) {
    return Reply{"HTTP/1.1 200 OK\r\nX: ", Reply::Then::go_on_forever};
  });
  CHECK_THROWS_AS(get(headers.url("/")), Error);
  const LoopbackServer problem([](const std::string&) {
    return Reply{"HTTP/1.1 404 No\r\n\r\n", Reply::Then::go_on_forever};
  });
  const auto received = get(problem.url("/"));
  CHECK(received.answer.status == 404);
  CHECK(received.answer.problem.size() == 64u << 10);
}

TEST_CASE("a stop ends a transfer") {
  // On the heap: g++ 12 takes one on the stack for uninitialized when it checks addresses.
  const auto stop = std::make_unique<std::stop_source>();
  const LoopbackServer server([&](const std::string&) {
    stop->request_stop();
    return Reply{"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n1234", Reply::Then::keep_silent};
  });
  Request request;
  request.url = server.url("/");
  try {
    send(request, quick_settings(), {stop->get_token(), {}});
    FAIL("went on");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::interrupted);
  }
}

TEST_CASE("what a sink throws comes out") {
  struct Full : Sink {
    void write(std::string_view) override { fail(ErrorKind::system, "disk full"); }
  } full;
  const LoopbackServer server([](const std::string&) { return Reply{ok("body")}; });
  const Client client(quick_settings());
  Request request;
  request.url = server.url("/");
  CHECK_THROWS_WITH(client.send(request, [&](const Answer&) -> Sink& { return full; }, {}),
                    "disk full");
}

TEST_CASE("nobody at home is said at once and without credentials") {
  std::string url;
  {
    const LoopbackServer server([](const std::string&) { return Reply{}; });
    url = server.url("/x");
  }
  url.insert(7, "me:secret@");
  const Error error = error_of(url);
  CHECK(error.kind() == ErrorKind::unreachable);
  CHECK(contains(error.message(), "http://xxxxx@127.0.0.1"));
  CHECK(!contains(error.message(), "secret"));
}

TEST_CASE("only web addresses and single lines are sent") {
  for (const char* url : {"file:///etc/passwd", "ftp://h/x", "nonsense", "", "http://"})
    CHECK_MESSAGE(error_of(url).kind() == ErrorKind::usage, url);
  const LoopbackServer server([](const std::string&) { return Reply{ok("")}; });
  CHECK_THROWS_AS(get(server.url("/"), {{"X", "a\r\nY: b"}}), Error);
  CHECK(server.requests().empty());
}

TEST_CASE("a proxy is used where it is named and hosts are left out of it") {
  const LoopbackServer proxy([](const std::string&) { return Reply{ok("by proxy")}; });
  Request request;
  request.url = "http://host.invalid/x";
  Settings settings = quick_settings();
  settings.http_proxy = proxy.url("");
  CHECK(send(request, settings).body() == "by proxy");
  CHECK(proxy.requests()[0].starts_with("GET http://host.invalid/x "));
  const LoopbackServer server([](const std::string&) { return Reply{ok("direct")}; });
  request.url = server.url("/");
  settings.unproxied = "127.0.0.1";
  CHECK(send(request, settings).body() == "direct");
}

TEST_CASE("a host that is left out of a proxy is in a network all the same") {
  const LoopbackServer server([](const std::string&) { return Reply{ok("there")}; });
  Request request;
  request.url = server.url("/");
  request.peers = {AddressClass::global};
  Settings settings = quick_settings();
  settings.http_proxy = "http://127.0.0.1:1";
  settings.unproxied = "127.0.0.0/8";
  CHECK_THROWS_AS(send(request, settings), Error);
  CHECK(server.requests().empty());
  request.peers.clear();
  CHECK(send(request, settings).answer.peer == AddressClass::loopback);
}

TEST_CASE("dates of servers are read and nothing else is") {
  CHECK(parse_date("Sun, 06 Nov 1994 08:49:37 GMT") == 784111777);
  CHECK(parse_date("Thu, 01 Jan 1970 00:00:00 GMT") == 0);
  for (const char* text :
       {"", "now", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Xxx 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, -6 Nov 1994 08:49:37 GMT"})
    CHECK_MESSAGE(!parse_date(text), text);
}

}  // namespace strata::http
