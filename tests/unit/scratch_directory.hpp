#pragma once
/// A directory for one test, and other processes for tests that need one.

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>

#include "strata/base/error.hpp"
#include "strata/base/file.hpp"
#include "strata/base/root.hpp"

namespace strata::test {

/// A new directory that is removed with all it holds when the test ends.
class ScratchDirectory {
 public:
  ScratchDirectory() : path_(make()), root_(Root::open(path_)) {}
  ~ScratchDirectory() {
    const std::filesystem::path path(path_);
    remove_tree(Root::open(path.parent_path()).fd(), path.filename());
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  const std::string& path() const { return path_; }
  const Root& root() const { return root_; }
  int fd() const { return root_.fd(); }

  /// Writes a file and its missing parents.
  void write(const std::string& path, std::string_view bytes) const {
    const std::size_t slash = path.rfind('/');
    if (slash != std::string::npos) root_.make_directories(path.substr(0, slash));
    write_all(root_.create_file(path, 0644).get(), bytes);
  }

  std::string read(const std::string& path) const {
    return read_all(root_.open_file(path).get(), 1 << 20, path);
  }

 private:
  static std::string make() {
    std::string name = std::filesystem::temp_directory_path() / "strata-test-XXXXXX";
    if (!::mkdtemp(name.data())) fail_errno("cannot make ", name);
    return name;
  }

  std::string path_;
  Root root_;
};

/// Runs `body` in a child process and returns its wait status; 0 if `body` returned true. Doctest's
/// macros do not work there.
template <class Body>
int in_child(Body body) {
  std::fflush(nullptr);  // or the child would print the test's output so far once more
  const pid_t pid = ::fork();
  if (pid == 0) {
    bool good = false;
    try {
      good = body();
    } catch (const std::exception& error) {
      ::dprintf(2, "in a child process: %s\n", error.what());
    }
    ::_exit(good ? 0 : 1);
  }
  int status = -1;
  ::waitpid(pid, &status, 0);
  return status;
}

}  // namespace strata::test
