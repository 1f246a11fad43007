#pragma once
/// The small process that makes the sandboxes, seen from the engine.
///
/// Why it exists: the engine has many threads, much memory and fifty shared libraries. To fork it
/// is slow and unsafe, to execute it again takes 5 ms of dynamic linking for each sandbox. The
/// helper pays that once, then forks in a fraction of a millisecond, and has the seccomp filter
/// ready.
///
/// It runs from a read-only mount of the program's file that exists for it alone: a process inside
/// a sandbox that gets hold of /proc/1/exe finds a file that cannot be written, by whatever way it
/// is opened again (CVE-2019-5736).

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "sandbox/oom.hpp"
#include "strata/base/fd.hpp"
#include "strata/sandbox/run.hpp"

namespace strata::sandbox {

/// argv[0] of the helper, and where it finds its end of the socket.
inline constexpr const char* helper_name = "strata-sandbox";
inline constexpr int helper_socket_fd = 3;

/// A request's text: the clone flags. All else is in its descriptors (pid_one.hpp).
std::string encode_namespaces(std::uint64_t namespaces);
std::uint64_t decode_namespaces(std::string_view bytes);

/// A running helper, started by the constructor. It ends when its socket does: with this object, or
/// with the engine, and takes all sandboxes along. Sending on its socket is thread-safe.
class Helper {
 public:
  Helper();
  Helper(const Helper&) = delete;
  Helper& operator=(const Helper&) = delete;
  ~Helper();

  int socket() const { return socket_.get(); }

 private:
  Fd socket_;
  pid_t pid_ = -1;
};

/// What all sandboxes of one Sandbox object share. Each is made when it is first needed.
class Sandbox::Launcher {
 public:
  const Helper& helper();
  std::shared_ptr<const OomCounter> oom();

 private:
  std::mutex mutex_;
  std::shared_ptr<const OomCounter> oom_;
  std::optional<Helper> helper_;
};

}  // namespace strata::sandbox
