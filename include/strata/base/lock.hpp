#pragma once
/// Locks between processes: open-file-description locks (F_OFD_SETLK). They belong to the open
/// file, so two threads of one process exclude each other too, and the kernel drops them on any
/// death.

#include <cstdint>
#include <optional>
#include <string>

#include "strata/base/fd.hpp"

namespace strata {

enum class LockMode { shared, exclusive };

/// What of a file a lock is about. The file need not be that long: one file that stays empty can
/// hold as many locks as there are numbers.
struct LockRange {
  std::int64_t start = 0;
  std::int64_t size = 0;  ///< bytes; 0: up to the end, however far that moves
};

/// A lock held on a file for as long as the object lives. Move-only.
class FileLock {
 public:
  /// Waits for the lock. The file `name` in `directory_fd` is created if missing.
  static FileLock wait(int directory_fd, const std::string& name, LockMode mode);
  /// Nothing if someone else holds it in a way that excludes `mode`.
  static std::optional<FileLock> try_now(int directory_fd, const std::string& name, LockMode mode,
                                         LockRange range = {});

  /// Changes between shared and exclusive without waiting; false if another holder prevents it.
  bool try_change(LockMode mode);

 private:
  FileLock(Fd file, LockRange range) : file_(std::move(file)), range_(range) {}
  Fd file_;
  LockRange range_;
};

}  // namespace strata
