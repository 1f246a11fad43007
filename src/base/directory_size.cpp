#include "strata/base/directory_size.hpp"

#include <set>
#include <utility>
#include <vector>

#include "strata/base/path.hpp"

namespace strata {

std::uint64_t directory_size(const Root& root, const std::string& path) {
  std::uint64_t size = 0;
  std::set<std::pair<dev_t, ino_t>> counted;
  std::vector<std::string> directories{path};
  while (!directories.empty()) {
    const std::string directory = std::move(directories.back());
    directories.pop_back();
    auto found = root.find_file(directory, O_RDONLY | O_DIRECTORY, Links::keep);
    if (!found) continue;
    const Root here(std::move(*found));
    for (const std::string& name : here.list("")) {
      const auto entry = here.find_stat(name);
      if (!entry) continue;
      if (S_ISDIR(entry->st_mode)) directories.push_back(join_path(directory, name));
      if (!S_ISREG(entry->st_mode)) continue;
      const bool is_new =
          entry->st_nlink == 1 || counted.emplace(entry->st_dev, entry->st_ino).second;
      if (is_new) size += static_cast<std::uint64_t>(entry->st_size);
    }
  }
  return size;
}

}  // namespace strata
