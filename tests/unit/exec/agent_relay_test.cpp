#include "exec/agent_relay.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <optional>
#include <thread>

#include "strata/base/error.hpp"
#include "strata/base/io.hpp"
#include "unit/store/temporary_store.hpp"

using namespace strata;
using namespace strata::exec;

namespace {

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  REQUIRE(path.size() < sizeof address.sun_path);
  std::memcpy(address.sun_path, path.c_str(), path.size());
  return address;
}

Fd open_socket() { return Fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

/// An agent that answers each one-byte request with the type of the request and an exclamation.
class FakeAgent {
 public:
  explicit FakeAgent(const std::string& path) : listener_(open_socket()) {
    const sockaddr_un address = address_of(path);
    REQUIRE(bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
            0);
    REQUIRE(listen(listener_.get(), 8) == 0);
    thread_ = std::jthread([this] { serve(); });
  }
  ~FakeAgent() { shutdown(listener_.get(), SHUT_RDWR); }

 private:
  void serve() {
    for (;;) {
      const Fd client(accept(listener_.get(), nullptr, nullptr));
      if (!client) return;
      char request[5];
      while (recv(client.get(), request, sizeof request, MSG_WAITALL) == sizeof request) {
        const char answer[6] = {0, 0, 0, 2, request[4], '!'};
        send(client.get(), answer, sizeof answer, MSG_NOSIGNAL);
      }
    }
  }

  Fd listener_;
  std::jthread thread_;
};

class Client {
 public:
  explicit Client(const std::string& path) : socket_(open_socket()) {
    const sockaddr_un address = address_of(path);
    REQUIRE(connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
            0);
  }

  /// The answer's body; nothing if the conversation is over.
  std::optional<std::string> ask(std::string_view message) {
    send(socket_.get(), message.data(), message.size(), MSG_NOSIGNAL);
    char length[4];
    if (recv(socket_.get(), length, sizeof length, MSG_WAITALL) != sizeof length)
      return std::nullopt;
    std::string body(static_cast<std::size_t>(length[3]), '\0');
    recv(socket_.get(), body.data(), body.size(), MSG_WAITALL);
    return body;
  }
  std::optional<std::string> ask_type(char type) { return ask(std::string("\0\0\0\1", 4) + type); }

 private:
  Fd socket_;
};

}  // namespace

TEST_CASE("only requests that use keys reach the agent") {
  store::TemporaryDirectory directory;
  FakeAgent agent(directory / "agent");
  const AgentRelay relay(Root::open(directory.path()), "relay", directory / "agent");
  Client client(directory / "relay");
  CHECK(client.ask_type(11) == std::string("\13!"));
  CHECK(client.ask_type(13) == std::string("\15!"));
  for (const char type : std::string("\1\11\21\22\23\24\25\26\27\31\32\33")) {
    CAPTURE(type);
    CHECK(client.ask_type(type) == std::string("\5"));
  }
  CHECK(client.ask_type(11) == std::string("\13!"));
}

TEST_CASE("a message that is too long or empty ends the conversation alone") {
  store::TemporaryDirectory directory;
  FakeAgent agent(directory / "agent");
  const AgentRelay relay(Root::open(directory.path()), "relay", directory / "agent");
  CHECK(!Client(directory / "relay").ask(std::string("\0\4\0\1\13", 5)));
  CHECK(!Client(directory / "relay").ask(std::string("\0\0\0\0", 4)));
  CHECK(Client(directory / "relay").ask_type(11) == std::string("\13!"));
}

TEST_CASE("a relay serves any number of conversations and ends with those that are open") {
  store::TemporaryDirectory directory;
  FakeAgent agent(directory / "agent");
  std::optional<AgentRelay> relay(std::in_place, Root::open(directory.path()), "relay",
                                  directory / "agent");
  for (int i = 0; i < 100; ++i) CHECK(Client(directory / "relay").ask_type(11));
  Client open(directory / "relay");
  CHECK(open.ask_type(11));
  relay.reset();
  CHECK(!open.ask_type(11));
}

TEST_CASE("an agent that is not there is said at once") {
  store::TemporaryDirectory directory;
  const Root root = Root::open(directory.path());
  CHECK_THROWS_AS(AgentRelay(root, "relay", directory / "absent"), Error);
}
