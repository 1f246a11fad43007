#pragma once
/// A container's run with files in the place of this program's standard descriptors.

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "strata/container/container.hpp"

namespace strata::test {

/// Puts `fd` in the place of a standard descriptor until the object goes.
class Redirection {
 public:
  Redirection(int standard, int fd) : standard_(standard), before_(duplicate(standard)) {
    std::fflush(nullptr);
    dup2(fd, standard_);
  }
  Redirection(const Redirection&) = delete;
  Redirection& operator=(const Redirection&) = delete;
  ~Redirection() {
    std::fflush(nullptr);
    dup2(before_.get(), standard_);
  }

 private:
  int standard_;
  Fd before_;
};

inline Fd make_memory_file(std::string_view text = {}) {
  Fd file(memfd_create("test", MFD_CLOEXEC));
  write_all(file.get(), text);
  lseek(file.get(), 0, SEEK_SET);
  return file;
}

inline std::string text_of(const Fd& file) {
  lseek(file.get(), 0, SEEK_SET);
  return read_all(file.get(), 64 << 20, "output");
}

struct Captured {
  std::string out;
  std::string err;
  sandbox::ExitStatus status;
};

enum class Input { none, passed };

inline Captured run_captured(store::Store& store, const container::Container& container,
                             Input input = Input::none, std::string_view text = {},
                             std::stop_token stop = {}) {
  sandbox::Sandbox sandbox;
  const Fd in = make_memory_file(text);
  const Fd out = make_memory_file();
  const Fd err = make_memory_file();
  Captured captured;
  {
    const Redirection to_in(STDIN_FILENO, in.get());
    const Redirection to_out(STDOUT_FILENO, out.get());
    const Redirection to_err(STDERR_FILENO, err.get());
    captured.status =
        container::run(store, sandbox, container, input == Input::passed, std::move(stop));
  }
  captured.out = text_of(out);
  captured.err = text_of(err);
  return captured;
}

}  // namespace strata::test
