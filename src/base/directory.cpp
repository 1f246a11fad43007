#include "base/directory.hpp"

#include <dirent.h>

#include <cerrno>
#include <memory>

#include "strata/base/error.hpp"
#include "strata/base/fd.hpp"

namespace strata {

namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

}  // namespace

std::vector<DirectoryEntry> entries_of(int fd) {
  Fd copy = duplicate(fd);
  const std::unique_ptr<DIR, CloseDirectory> directory(::fdopendir(copy.get()));
  if (!directory) fail_errno("cannot list a directory");
  copy.release();  // closedir closes it
  // The copy shares its position with `fd`, which may have been listed before.
  ::rewinddir(directory.get());
  std::vector<DirectoryEntry> entries;
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(directory.get());
    if (!entry && errno != 0) fail_errno("cannot list a directory");
    if (!entry) return entries;
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") entries.push_back({std::string(name), entry->d_type});
  }
}

}  // namespace strata
