#pragma once
/// A server on the loopback interface that says what a test tells it to, byte for byte.

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "strata/base/error.hpp"
#include "strata/base/fd.hpp"

namespace strata::http {

struct Reply {
  enum class Then { close, keep_silent, go_on_forever };
  std::string bytes;
  Then then = Then::close;
};

/// Takes one connection after the other, reads a request's head, answers, closes.
class LoopbackServer {
 public:
  using Respond = std::function<Reply(const std::string& request)>;

  explicit LoopbackServer(Respond respond)
      : respond_(std::move(respond)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_.get(), any, size) != 0 || ::listen(listener_.get(), 8) != 0 ||
        ::getsockname(listener_.get(), any, &size) != 0) {
      fail_errno("listen on loopback");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~LoopbackServer() {
    done_ = true;
    thread_.join();
  }

  std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  std::vector<std::string> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  bool is_ready(int fd, short events) const {
    pollfd waited{fd, events, 0};
    return ::poll(&waited, 1, 20) > 0;
  }

  void serve() {
    while (!done_) {
      if (!is_ready(listener_.get(), POLLIN)) continue;
      const Fd connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (connection) answer(connection.get());
    }
  }

  void answer(int connection) {
    std::string request;
    char byte = 0;
    while (!request.ends_with("\r\n\r\n"))
      if (::recv(connection, &byte, 1, 0) == 1)
        request += byte;
      else
        return;
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    const Reply reply = respond_(request);
    send(connection, reply.bytes);
    while (!done_ && reply.then == Reply::Then::keep_silent && !is_ready(connection, POLLIN)) {
    }
    const std::string more(4096, 'x');
    while (!done_ && reply.then == Reply::Then::go_on_forever && send(connection, more)) {
    }
  }

  bool send(int connection, std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  Respond respond_;
  Fd listener_;
  int port_ = 0;
  std::atomic<bool> done_ = false;
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::thread thread_;
};

}  // namespace strata::http
