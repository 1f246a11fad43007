#include "strata/base/host_path.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "strata/base/error.hpp"
#include "strata/base/path.hpp"

namespace strata {

namespace {

std::string working_directory() {
  std::string path(4096, '\0');
  if (!::getcwd(path.data(), path.size())) fail_errno("cannot find the working directory");
  path.resize(path.find('\0'));
  return path;
}

/// Existing things that are no regular file are written, not replaced.
bool is_stream(const std::string& host_path) {
  struct stat info {};
  if (::stat(host_path.c_str(), &info) != 0) return false;
  if (S_ISDIR(info.st_mode)) {
    fail(ErrorKind::usage, quoted(host_path), " is a directory; name a file");
  }
  return !S_ISREG(info.st_mode);
}

Fd open_stream(const std::string& host_path) {
  if (host_path != "-") {
    Fd file(::open(host_path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file) fail_errno("cannot open ", quoted(host_path));
    return file;
  }
  if (::isatty(STDOUT_FILENO)) {
    fail(ErrorKind::usage,
         "an archive is not written to a terminal; redirect standard output, or "
         "name a file with dest=PATH");
  }
  return duplicate(STDOUT_FILENO);
}

}  // namespace

Root make_host_directory(const std::string& host_path) {
  Root::open("/").make_directories(absolute_path(working_directory(), host_path));
  return Root::open(host_path);
}

Fd open_host_input(const std::string& host_path) {
  if (host_path == "-") return duplicate(STDIN_FILENO);
  Fd file(::open(host_path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) fail_errno(host_path);
  return file;
}

HostFile::HostFile(const std::string& host_path) {
  if (host_path == "-" || is_stream(host_path)) {
    stream_ = open_stream(host_path);
    return;
  }
  const std::string path = absolute_path(working_directory(), host_path);
  const std::string parent = path.substr(0, path.rfind('/') + 1);
  name_ = base_name(path);
  directory_ = Fd(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory_) fail_errno("cannot write ", quoted(host_path));
  new_file_.emplace(directory_.get(), 0644);
}

void HostFile::commit() {
  if (new_file_) {
    new_file_->commit_replacing(name_, Durability::none);
  } else {
    close_checked(std::move(stream_), "the output");
  }
}

}  // namespace strata
