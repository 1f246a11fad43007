#pragma once
/// What all commands of one call share: the environment, the store, the worker threads. Each is
/// made when first asked for, so that a command pays only for what it uses.

#include <memory>
#include <optional>
#include <string>

#include "strata/base/time.hpp"
#include "strata/base/worker_pool.hpp"
#include "strata/sandbox/run.hpp"
#include "strata/store/store.hpp"

namespace strata::cli {

/// The value of an environment variable; only the cli floor asks for any.
std::optional<std::string> find_variable(const char* name);

class Session {
 public:
  /// `root` is --root's value, or empty for the default place.
  explicit Session(std::string root) : root_(std::move(root)) {}

  store::Store& store();
  WorkerPool& pool();
  sandbox::Sandbox& sandbox();

  /// SOURCE_DATE_EPOCH; Error usage if it is no number.
  static std::optional<Time> epoch();

 private:
  std::string root_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<WorkerPool> pool_;
  std::unique_ptr<sandbox::Sandbox> sandbox_;
};

}  // namespace strata::cli
