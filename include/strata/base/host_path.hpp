#pragma once
/// Paths of the host that the user named: where results go, and what is read.

#include <optional>
#include <string>

#include "strata/base/file.hpp"
#include "strata/base/root.hpp"

namespace strata {

/// The directory at a host path, made with its parents if missing.
Root make_host_directory(const std::string& host_path);

/// A file that the user named, open for reading; "-" is standard input.
Fd open_host_input(const std::string& host_path);

/// A file that is written for the user. A regular file appears under its name with `commit`, whole;
/// devices, pipes and standard output are written as the bytes come.
class HostFile {
 public:
  /// "-" is standard output; Error usage if that is a terminal.
  explicit HostFile(const std::string& host_path);

  int fd() const { return new_file_ ? new_file_->fd() : stream_.get(); }
  void commit();

 private:
  std::string name_;
  Fd directory_;
  std::optional<NewFile> new_file_;
  Fd stream_;
};

}  // namespace strata
