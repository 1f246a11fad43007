#pragma once
/// Files that are there whole or not at all. A NewFile has no name until `commit_*` gives it one;
/// a process killed before that leaves nothing behind (O_TMPFILE). Where a file system cannot do
/// that, the file has a random name starting with ".new-" until then.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "strata/base/fd.hpp"

namespace strata {

/// Whether a committed file must survive a loss of power before the call returns.
enum class Durability { none, synced };

class NewFile {
 public:
  /// How the file exists before it is committed. `temporary_name` is the way for file systems
  /// without nameless files; it is taken by itself where it is needed.
  enum class Naming { nameless, temporary_name };

  /// An empty file, open for reading and writing, on the file system of `directory_fd`, which is
  /// borrowed, must stay open, and must be opened for reading (not O_PATH) for Durability::synced.
  /// `mode` is less the umask, as for open(2).
  explicit NewFile(int directory_fd, mode_t mode = 0444, Naming naming = Naming::nameless);

  int fd() const { return file_.get(); }

  /// Gives the file its name if the name is free; an existing file of that name stays. For names
  /// that are digests, where whoever came first wrote the same bytes. Returns false if it existed.
  /// A NewFile is committed at most once.
  bool commit_once(const std::string& name, Durability durability);

  /// Gives the file its name, replacing what had it, in one step.
  void commit_replacing(const std::string& name, Durability durability);

 private:
  /// A name that goes away with its owner, unless it was cleared.
  struct TemporaryName {
    TemporaryName() = default;
    TemporaryName(int borrowed_directory_fd, std::string text)
        : directory_fd(borrowed_directory_fd), name(std::move(text)) {}
    TemporaryName(TemporaryName&& other) noexcept
        : directory_fd(other.directory_fd), name(std::exchange(other.name, {})) {}
    TemporaryName& operator=(TemporaryName&& other) noexcept {
      std::swap(directory_fd, other.directory_fd);
      std::swap(name, other.name);
      return *this;
    }
    ~TemporaryName();

    int directory_fd = -1;
    std::string name;
  };

  /// 0, or -1 and errno.
  int link_as(const std::string& name) const;
  void replace(const std::string& name);

  int directory_fd_;
  TemporaryName temporary_;
  Fd file_;
};

/// Writes a small file whole and atomically under `name`.
void write_file(int directory_fd, const std::string& name, std::string_view bytes,
                Durability durability, mode_t mode = 0644);

/// The content of a small file, or nothing if there is none. More than `size_max`: Error corrupt.
std::optional<std::string> find_small_file(int directory_fd, const std::string& name,
                                           std::size_t size_max);

/// A file of the host named by the user. Throws if absent or larger than `size_max`.
std::string read_host_file(const std::string& host_path, std::size_t size_max);

}  // namespace strata
