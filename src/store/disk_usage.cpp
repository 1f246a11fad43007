#include "store/disk_usage.hpp"

#include <sys/stat.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "strata/base/error.hpp"
#include "strata/base/path.hpp"

namespace strata::store {

std::uint64_t disk_usage(const Root& directory) {
  std::uint64_t blocks = 0;
  std::set<std::pair<dev_t, ino_t>> counted;
  std::vector<std::string> waiting{""};
  while (!waiting.empty()) {
    const std::string path = std::move(waiting.back());
    waiting.pop_back();
    const Root here = directory.open_directory(path, Links::keep);
    for (const std::string& name : here.list("")) {
      struct stat info {};
      if (::fstatat(here.fd(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
      if (S_ISDIR(info.st_mode)) {
        waiting.push_back(join_path(path, name));
      } else if (info.st_nlink > 1 && !counted.emplace(info.st_dev, info.st_ino).second) {
        continue;
      }
      blocks += static_cast<std::uint64_t>(info.st_blocks);
    }
  }
  return blocks * 512;
}

}  // namespace strata::store
