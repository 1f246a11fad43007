// The protocol (draft-miller-ssh-agent): a message is its length in four bytes, most significant
// first, then a byte that says its type, then the rest. The client asks and waits for the answer.

#include "agent_relay.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "strata/base/error.hpp"
#include "strata/base/io.hpp"
#include "strata/base/text.hpp"

namespace strata::exec {

namespace {

constexpr std::size_t length_size = 4;
constexpr std::size_t message_size_max = 256 << 10;   // as OpenSSH's agent has it
constexpr unsigned char list_keys = 11;               // SSH_AGENTC_REQUEST_IDENTITIES
constexpr unsigned char sign = 13;                    // SSH_AGENTC_SIGN_REQUEST
constexpr std::string_view failure("\0\0\0\1\5", 5);  // SSH_AGENT_FAILURE
constexpr std::size_t conversations_max = 64;

Fd make_socket() {
  Fd made(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!made) fail_errno("socket");
  return made;
}

/// A socket's path may have 107 bytes only; one by way of an open directory is always short enough.
sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    fail(ErrorKind::usage, "the path of the ssh agent's socket is too long: ", quoted(path));
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

Fd connect_to(const std::string& path) {
  Fd made = make_socket();
  const sockaddr_un address = address_of(path);
  if (connect(made.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    fail_errno("connect to the ssh agent ", quoted(path));
  return made;
}

Fd listen_at(const Root& directory, const std::string& name) {
  Fd made = make_socket();
  const sockaddr_un address = address_of(cat("/proc/self/fd/", directory.fd(), "/", name));
  if (bind(made.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(made.get(), conversations_max) != 0)
    fail_errno("make a socket for the ssh agent");
  return made;
}

/// False if the wish to stop came first.
bool wait_readable(int fd, int stop) {
  pollfd watched[] = {{fd, POLLIN, 0}, {stop, POLLIN, 0}};
  while (poll(watched, 2, -1) < 0)
    if (errno != EINTR) return false;
  return watched[1].revents == 0;
}

/// Fills `bytes`; false at the end of the stream, on an error, and when it is time to stop.
bool receive(int fd, int stop, std::span<char> bytes) {
  while (!bytes.empty()) {
    if (!wait_readable(fd, stop)) return false;
    const ssize_t got = recv(fd, bytes.data(), bytes.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

/// A whole message with its length before it.
std::optional<std::string> receive_message(int fd, int stop) {
  std::string message(length_size, '\0');
  if (!receive(fd, stop, message)) return std::nullopt;
  std::size_t length = 0;
  for (const char byte : message) length = length << 8 | static_cast<unsigned char>(byte);
  if (length == 0 || length > message_size_max) return std::nullopt;
  message.resize(length_size + length);
  if (!receive(fd, stop, std::span(message).subspan(length_size))) return std::nullopt;
  return message;
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool only_uses_keys(const std::string& request) {
  const auto type = static_cast<unsigned char>(request[length_size]);
  return type == list_keys || type == sign;
}

}  // namespace

AgentRelay::AgentRelay(const Root& directory, const std::string& name, std::string agent)
    : agent_(std::move(agent)),
      listener_(listen_at(directory, name)),
      stop_(eventfd(0, EFD_CLOEXEC)) {
  if (!stop_) fail_errno("eventfd");
  connect_to(agent_);  // An agent that is not there is said now, not to a client in the step.
  acceptor_ = std::jthread([this] { accept_all(); });
}

AgentRelay::~AgentRelay() { eventfd_write(stop_.get(), 1); }

void AgentRelay::accept_all() {
  while (wait_readable(listener_.get(), stop_.get())) {
    Fd client(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    conversations_.remove_if([](const Conversation& one) { return one.is_over.load(); });
    if (!client || conversations_.size() >= conversations_max) continue;
    Conversation& mine = conversations_.emplace_back();
    mine.thread = std::jthread([this, &mine, client = std::move(client)]() mutable {
      serve(std::move(client));
      mine.is_over = true;
    });
  }
}

/// Whatever goes wrong ends this conversation alone: the client finds its socket closed.
void AgentRelay::serve(Fd client) const {
  try {
    const Fd agent = connect_to(agent_);
    while (const auto request = receive_message(client.get(), stop_.get())) {
      std::optional<std::string> answer(failure);
      if (only_uses_keys(*request)) {
        if (!send_all(agent.get(), *request)) return;
        answer = receive_message(agent.get(), stop_.get());
      }
      if (!answer || !send_all(client.get(), *answer)) return;
    }
  } catch (const Error&) {
  }
}

}  // namespace strata::exec
