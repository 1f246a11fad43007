#pragma once
/// Layers with files in them, written to memory.

#include <map>
#include <string>
#include <vector>

#include "strata/content/layer_blob.hpp"
#include "unit/content/entries.hpp"
#include "unit/content/streams.hpp"

namespace strata::test {

/// Files with bytes: a tree, what its files hold, and layers made of them.
class Contents {
 public:
  Entry add(std::string path, std::string bytes) {
    Entry entry = file(path, bytes);
    entry.content.reset();
    bytes_[std::move(path)] = std::move(bytes);
    return entry;
  }

  ContentOpener opener() const {
    return
        [this](const Entry& entry) { return std::make_unique<ViewSource>(bytes_.at(entry.path)); };
  }
  const std::string& at(const std::string& path) const { return bytes_.at(path); }

 private:
  std::map<std::string, std::string> bytes_;
};

struct Written {
  WrittenLayer layer;
  std::string blob;
};

inline Written write(const Tree& tree, const ContentOpener& contents,
                     const Compression& compression = {}, unsigned threads = 2) {
  WorkerPool pool(threads);
  StringSink out;
  WrittenLayer layer = write_layer(tree, contents, out, compression, pool);
  return {std::move(layer), out.take()};
}

/// Small files and large ones, on both sides of every size that matters.
inline Tree mixed_tree(Contents& contents) {
  std::vector<Entry> entries{directory("d"), soft_link("s", "d"), device("n", 1, 3)};
  for (const std::size_t size : {0u, 1u, 511u, 512u, 513u, 131'072u, 131'073u, 3'000'000u})
    entries.push_back(contents.add("d/" + std::to_string(size), sample(size, 3)));
  for (int i = 0; i < 700; ++i)
    entries.push_back(contents.add("small" + std::to_string(i), sample(37 * i % 9000, i)));
  return Tree(std::move(entries));
}

}  // namespace strata::test
