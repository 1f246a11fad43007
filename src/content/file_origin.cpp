#include "strata/content/file_origin.hpp"

namespace strata {

std::vector<FileContent> FileOrigin::contents(std::span<const RootfsView::Found> files,
                                              FileMemory&) {
  std::vector<FileContent> contents;
  contents.reserve(files.size());
  for (const ContentDigest& digest : digests(files)) contents.push_back({digest, {}});
  return contents;
}

}  // namespace strata
