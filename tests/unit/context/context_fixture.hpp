#pragma once
/// Contexts made of scratch directories, and short ways to ask them.

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "strata/base/path.hpp"
#include "strata/context/directory.hpp"
#include "unit/scratch_directory.hpp"

namespace strata::context {

using Words = std::vector<std::string>;

inline WorkerPool& test_pool() {
  static WorkerPool pool(3);
  return pool;
}

inline std::unique_ptr<FileOrigin> open(Root root, dockerfile::IgnoreRules ignore = {},
                                        WorkerPool& pool = test_pool()) {
  DirectoryOptions options;
  options.ignore = std::move(ignore);
  options.ignore_name = ".dockerignore";
  return open_directory(std::move(root), std::move(options), pool);
}

inline std::unique_ptr<FileOrigin> open(const test::ScratchDirectory& directory) {
  return open(directory.root().clone());
}

/// With an index in another directory.
inline std::unique_ptr<FileOrigin> open(const test::ScratchDirectory& directory,
                                        const test::ScratchDirectory& index) {
  DirectoryOptions options;
  options.index_directory_fd = index.fd();
  options.index_name = "index";
  return open_directory(directory.root().clone(), std::move(options), test_pool());
}

inline RootfsView::Found found_at(const FileOrigin& origin, std::string_view path) {
  const auto found = origin.view().find(path);
  if (!found) fail(ErrorKind::not_found, "no ", quoted(path));
  return *found;
}

inline const Entry& entry(const FileOrigin& origin, std::string_view path) {
  return *found_at(origin, path).entry;
}

inline Words paths(const FileOrigin& origin) {
  Words paths;
  for (const auto& layer : origin.view().layers()) {
    for (const auto& entry : layer->entries()) paths.push_back(entry.path);
  }
  return paths;
}

inline std::string content(FileOrigin& origin, std::string_view path) {
  const auto source = origin.open(found_at(origin, path));
  return read_all(*source, std::size_t{1} << 30, path);
}

inline Digest digest(FileOrigin& origin, std::string_view path) {
  const auto found = found_at(origin, path);
  return origin.digests({&found, 1}).at(0).digest();
}

inline void append(const test::ScratchDirectory& directory, const std::string& path,
                   std::string_view bytes) {
  write_all(directory.root().open_file(path, O_WRONLY | O_APPEND).get(), bytes);
}

/// Writes over a file's first bytes: the size stays.
inline void overwrite(const test::ScratchDirectory& directory, const std::string& path,
                      std::string_view bytes) {
  write_all(directory.root().open_file(path, O_WRONLY).get(), bytes);
}

inline void set_mtime(const test::ScratchDirectory& directory, const std::string& path,
                      std::int64_t seconds, long nanoseconds = 0) {
  const timespec times[2] = {{seconds, nanoseconds}, {seconds, nanoseconds}};
  ::utimensat(directory.fd(), path.c_str(), times, AT_SYMLINK_NOFOLLOW);
}

/// Waits until files written so far are older than the grain of the clock.
inline void settle() { std::this_thread::sleep_for(std::chrono::milliseconds(40)); }

inline Words sorted_lines(const std::string& text) {
  auto lines = split(text, '\n');
  std::sort(lines.begin(), lines.end());
  return lines;
}

inline std::string output_of(const std::string& command) {
  std::string out;
  FILE* pipe = ::popen(command.c_str(), "r");
  char buffer[4096];
  while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, pipe)) {
    out.append(buffer, count);
  }
  ::pclose(pipe);
  return out;
}

/// Runs `body` with the rights of an ordinary user. Raw system calls change only the thread that
/// makes them, and the threads that it starts; what is used of the rest of the process stays
/// root's.
template <class Body>
void as_nobody(Body body) {
  std::thread([&] {
    constexpr long nobody = 65534;
    ::syscall(SYS_setresgid, nobody, nobody, nobody);
    ::syscall(SYS_setresuid, nobody, nobody, nobody);
    body();
  }).join();
}

/// The exit status of a program; its complaints are not shown.
inline int run_program(const Words& words) {
  std::string command;
  for (const auto& word : words) command += cat("'", word, "' ");
  return std::system((command + "2>/dev/null").c_str());
}

}  // namespace strata::context
