#pragma once
/// What is in an open directory.

#include <string>
#include <vector>

namespace strata {

struct DirectoryEntry {
  std::string name;
  unsigned char type;  // DT_DIR etc. of readdir(3); DT_UNKNOWN where the file system does not say
};

/// All entries but "." and "..", in no order. `fd` must be open for reading; it stays open, and
/// where it stands in the directory does not matter.
std::vector<DirectoryEntry> entries_of(int fd);

}  // namespace strata
