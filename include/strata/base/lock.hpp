#pragma once
/// Locks between processes: open-file-description locks (F_OFD_SETLK). They belong to the open
/// file, so two threads of one process exclude each other too, and the kernel drops them on any
/// death.

#include <optional>
#include <string>

#include "strata/base/fd.hpp"

namespace strata {

enum class LockMode { shared, exclusive };

/// A lock held on a file for as long as the object lives. Move-only.
class FileLock {
 public:
  /// Waits for the lock. The file `name` in `directory_fd` is created if missing.
  static FileLock wait(int directory_fd, const std::string& name, LockMode mode);
  /// Nothing if someone else holds it in a way that excludes `mode`.
  static std::optional<FileLock> try_now(int directory_fd, const std::string& name, LockMode mode);

  /// Changes between shared and exclusive without waiting; false if another holder prevents it.
  bool try_change(LockMode mode);

 private:
  explicit FileLock(Fd file) : file_(std::move(file)) {}
  Fd file_;
};

}  // namespace strata
