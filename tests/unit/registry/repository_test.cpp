// Against servers that say byte for byte what they are told to.

#include "strata/registry/repository.hpp"

#include <doctest/doctest.h>

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"
#include "unit/http/loopback_server.hpp"

using namespace strata;
using namespace strata::registry;
using http::LoopbackServer;
using http::Reply;

namespace {

http::Settings quick_settings() {
  http::Settings settings;
  settings.first_pause = std::chrono::milliseconds(1);
  settings.stall_max = std::chrono::seconds(1);
  settings.attempts_max = 2;
  return settings;
}

/// A repository "app" at a server, and what it takes to talk to it.
struct Talk {
  explicit Talk(const LoopbackServer& server)
      : client(quick_settings()),
        keyring({}),
        registries({client, keyring, {}, {}}),
        repository(registries.open({server.url("").substr(7), "app"})) {}
  http::Client client;
  Keyring keyring;
  Registries registries;
  Repository repository;
};

bool is_ping(const std::string& request) { return request.starts_with("GET /v2/ "); }

Reply ok(const std::string& body, const std::string& headers = {}) {
  return {cat("HTTP/1.1 200 OK\r\n", headers, "Content-Length: ", body.size(), "\r\n\r\n", body)};
}

ErrorKind error_kind(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.kind();
  }
  FAIL("no error");
  return ErrorKind::system;
}

}  // namespace

TEST_CASE("a manifest comes with its type and the digest of its bytes") {
  const LoopbackServer server([](const std::string& request) {
    return is_ping(request) ? ok("") : ok("{}", "Content-Type: Application/X; charset=utf-8\r\n");
  });
  const Talk talk(server);
  const auto document = talk.repository.find_manifest("1", {});
  REQUIRE(document);
  CHECK(document->media_type == "application/x");
  CHECK(document->bytes == "{}");
  CHECK(document->digest == Digest::of("{}"));
  CHECK(server.requests().back().starts_with("GET /v2/app/manifests/1 "));
}

TEST_CASE("a manifest that is not there is none and one of other bytes is corrupt") {
  const LoopbackServer server([](const std::string& request) {
    if (is_ping(request)) return ok("");
    if (request.starts_with("GET /v2/app/manifests/none "))
      return Reply{"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"};
    return ok("{}");
  });
  const Talk talk(server);
  CHECK_FALSE(talk.repository.find_manifest("none", {}));
  const std::string other = to_string(Digest::of("other"));
  CHECK(error_kind([&] { talk.repository.find_manifest(other, {}); }) == ErrorKind::corrupt);
}

TEST_CASE("a registry that falls silent is given up in bounded time") {
  const LoopbackServer server([](const std::string& request) {
    if (is_ping(request)) return ok("");
    return Reply{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{", Reply::Then::keep_silent};
  });
  const Talk talk(server);
  const auto begin = std::chrono::steady_clock::now();
  CHECK(error_kind([&] { talk.repository.find_manifest("1", {}); }) == ErrorKind::unreachable);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20));
}

TEST_CASE("a stop ends a request that nobody answers") {
  const LoopbackServer server([](const std::string& request) {
    return is_ping(request) ? ok("") : Reply{"", Reply::Then::keep_silent};
  });
  const Talk talk(server);
  std::stop_source source;
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    source.request_stop();
  });
  const auto kind = error_kind([&] { talk.repository.find_manifest("1", source.get_token()); });
  stopper.join();
  CHECK(kind == ErrorKind::interrupted);
}

TEST_CASE("a document larger than one may be is not even asked for") {
  const LoopbackServer server([](const std::string&) { return ok(""); });
  const Talk talk(server);
  const oci::Descriptor blob{"x", Digest::of("x"), oci::document_size_max + 1, {}, {}};
  CHECK(error_kind([&] { talk.repository.fetch_document(blob, {}); }) == ErrorKind::corrupt);
  CHECK(server.requests().empty());
}
