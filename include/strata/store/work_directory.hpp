#pragma once
/// Directories for work in progress, tmp/<name>: on the store's file system, so that what is
/// finished can be renamed into place. Each is locked by its owner; what a dead process left is
/// removed by the next one that comes by.

#include <string>

#include "strata/base/lock.hpp"
#include "strata/base/root.hpp"

namespace strata::store {

/// Removed with everything in it when the object goes.
class WorkDirectory {
 public:
  /// `store` is borrowed.
  explicit WorkDirectory(const Root& store);
  WorkDirectory(WorkDirectory&&) noexcept;
  WorkDirectory& operator=(WorkDirectory&&) = delete;
  ~WorkDirectory();

  const std::string& host_path() const { return host_path_; }
  const Root& root() const { return root_; }

  /// Removes work directories whose owners are dead.
  static void remove_abandoned(const Root& store);

 private:
  WorkDirectory(const Root& store, std::string name);
  const Root* store_;
  std::string name_;
  FileLock lock_;
  Root root_;
  std::string host_path_;
};

}  // namespace strata::store
