#include "strata/base/file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "base/random_name.hpp"
#include "base/retry.hpp"
#include "strata/base/error.hpp"
#include "strata/base/io.hpp"

namespace strata {

namespace {

void sync_file(int fd, const std::string& name) {
  if (retry_on_signal([&] { return ::fdatasync(fd); }) != 0) {
    fail_errno("cannot write ", quoted(name), " to the disk");
  }
}

void sync_directory(int fd, const std::string& name) {
  if (retry_on_signal([&] { return ::fsync(fd); }) != 0) {
    fail_errno("cannot write the directory of ", quoted(name), " to the disk");
  }
}

/// Gives a nameless open file a name. 0, or -1 and errno.
int link_open_file(int fd, int directory_fd, const std::string& name) {
  if (::linkat(fd, "", directory_fd, name.c_str(), AT_EMPTY_PATH) == 0) return 0;
  // ENOENT says that AT_EMPTY_PATH needs a capability which this process lacks.
  if (errno != ENOENT) return -1;
  const std::string magic_link = cat("/proc/self/fd/", fd);
  return ::linkat(AT_FDCWD, magic_link.c_str(), directory_fd, name.c_str(), AT_SYMLINK_FOLLOW);
}

bool is_without_tmpfile(int error_number) {
  return error_number == EOPNOTSUPP || error_number == EISDIR || error_number == EINVAL;
}

/// All of a file as `read_all`, in room that is made once if it has as many bytes as it says.
std::string read_at_once(int fd, std::size_t size_max, std::string_view name) {
  const auto said = static_cast<std::uint64_t>(stat_of(fd).st_size);
  std::string text(std::min<std::uint64_t>(said, size_max) + 1, '\0');
  FdSource source(fd);
  text.resize(read_full(source, text));
  if (text.size() > size_max)
    fail(ErrorKind::corrupt, quoted(name), " is larger than ", size_max, " bytes");
  if (text.size() > said) text += read_all(source, size_max - text.size(), quoted(name));
  return text;
}

}  // namespace

NewFile::TemporaryName::~TemporaryName() {
  if (!name.empty()) ::unlinkat(directory_fd, name.c_str(), 0);
}

NewFile::NewFile(int directory_fd, mode_t mode, Naming naming) : directory_fd_(directory_fd) {
  const int flags = O_RDWR | O_CLOEXEC;
  if (naming == Naming::nameless) {
    file_ =
        Fd(retry_on_signal([&] { return ::openat(directory_fd, ".", flags | O_TMPFILE, mode); }));
    if (file_) return;
    if (!is_without_tmpfile(errno)) fail_errno("cannot make a file");
  }
  temporary_ = TemporaryName(directory_fd, random_name());
  file_ = Fd(retry_on_signal([&] {
    return ::openat(directory_fd, temporary_.name.c_str(), flags | O_CREAT | O_EXCL, mode);
  }));
  if (!file_) fail_errno("cannot make a file");
}

int NewFile::link_as(const std::string& name) const {
  if (temporary_.name.empty()) return link_open_file(fd(), directory_fd_, name);
  return ::linkat(directory_fd_, temporary_.name.c_str(), directory_fd_, name.c_str(), 0);
}

bool NewFile::commit_once(const std::string& name, Durability durability) {
  if (durability == Durability::synced) sync_file(fd(), name);
  const bool is_new = link_as(name) == 0;
  if (!is_new && errno != EEXIST) fail_errno("cannot name the file ", quoted(name));
  // Also for a file that was there: whoever made it may not have come this far yet.
  if (durability == Durability::synced) sync_directory(directory_fd_, name);
  return is_new;
}

void NewFile::commit_replacing(const std::string& name, Durability durability) {
  if (durability == Durability::synced) sync_file(fd(), name);
  if (link_as(name) != 0) {
    if (errno != EEXIST) fail_errno("cannot name the file ", quoted(name));
    replace(name);
  }
  if (durability == Durability::synced) sync_directory(directory_fd_, name);
}

void NewFile::replace(const std::string& name) {
  if (temporary_.name.empty()) {
    TemporaryName temporary(directory_fd_, random_name());
    if (link_as(temporary.name) != 0) fail_errno("cannot name the file ", quoted(name));
    temporary_ = std::move(temporary);
  }
  if (::renameat(directory_fd_, temporary_.name.c_str(), directory_fd_, name.c_str()) != 0) {
    fail_errno("cannot replace the file ", quoted(name));
  }
  temporary_.name.clear();
}

void write_file(int directory_fd, const std::string& name, std::string_view bytes,
                Durability durability, mode_t mode) {
  NewFile file(directory_fd, mode);
  write_all(file.fd(), bytes);
  file.commit_replacing(name, durability);
}

std::optional<std::string> find_small_file(int directory_fd, const std::string& name,
                                           std::size_t size_max) {
  const Fd file(retry_on_signal([&] {
    return ::openat(directory_fd, name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  }));
  if (!file && errno == ENOENT) return std::nullopt;
  if (!file) fail_errno("cannot open ", quoted(name));
  return read_at_once(file.get(), size_max, name);
}

std::string read_host_file(const std::string& host_path, std::size_t size_max) {
  const Fd file(retry_on_signal([&] { return ::open(host_path.c_str(), O_RDONLY | O_CLOEXEC); }));
  if (!file) fail_errno("cannot open ", quoted(host_path));
  if (S_ISDIR(stat_of(file.get()).st_mode))
    fail_system(EISDIR, cat("cannot read ", quoted(host_path)));
  return read_all(file.get(), size_max, quoted(host_path));
}

}  // namespace strata
