#pragma once
/// The user's ssh agent for one step: a socket whose requests are passed on, but only those that
/// use keys. Listing and signing are what a build needs; adding, removing and locking keys, and
/// having the agent load libraries (CVE-2023-38408), are the user's alone.

#include <sys/types.h>

#include <atomic>
#include <list>
#include <string>
#include <thread>

#include "strata/base/fd.hpp"
#include "strata/base/root.hpp"

namespace strata::exec {

class AgentRelay {
 public:
  /// Makes the socket `name` in `directory` and serves it in threads of its own until the object
  /// goes. `agent` is the host path of the agent's socket.
  AgentRelay(const Root& directory, const std::string& name, std::string agent);
  AgentRelay(const AgentRelay&) = delete;
  AgentRelay& operator=(const AgentRelay&) = delete;
  ~AgentRelay();

 private:
  struct Conversation {
    std::atomic<bool> is_over = false;
    std::jthread thread;
  };

  void accept_all();
  void serve(Fd client) const;

  std::string agent_;
  Fd listener_;
  Fd stop_;  ///< an event that is set when the threads shall end
  std::list<Conversation> conversations_;
  std::jthread acceptor_;  ///< adds to the conversations, so it ends first
};

}  // namespace strata::exec
