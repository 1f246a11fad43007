#pragma once
/// An ssh agent that the user offers to steps: one that runs already, or one of ours that holds
/// private keys of his.

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "strata/base/child.hpp"
#include "strata/store/store.hpp"

namespace strata::exec {

/// Private keys in files, and where the programs that know their formats are looked for.
struct AgentKeys {
  std::vector<std::string> files;  ///< absolute host paths
  std::string program_path;        ///< as the variable PATH has it
};

/// Thread-safe.
class Agent {
 public:
  explicit Agent(std::string socket) : socket_(std::move(socket)) {}
  explicit Agent(AgentKeys keys) : keys_(std::move(keys)) {}

  /// The host path of its socket. Asked for the first time, an agent with keys is started:
  /// OpenSSH's own, with its socket in a work directory of `store`, which must outlive this object.
  /// It ends with it. Error not_found if there is no ssh-agent, Error usage naming the key that it
  /// does not take, with the way out.
  std::string socket(const store::Store& store);

 private:
  void start(const store::Store& store);

  std::string socket_;
  std::optional<AgentKeys> keys_;
  std::mutex mutex_;  ///< guards what follows
  std::optional<store::WorkDirectory> work_;
  std::optional<Root> folder_;
  std::optional<Child> agent_;
};

}  // namespace strata::exec
