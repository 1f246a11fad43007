// Replays files into a target, each whole, cut short at every tenth byte, and with bytes changed.

#include <cstdio>
#include <filesystem>
#include <random>

#include "fuzz/target.hpp"
#include "strata/base/file.hpp"

namespace {

void try_bytes(std::string_view bytes) {
  try {
    strata::fuzz::try_input(bytes);
  } catch (const strata::Error&) {
  }
}

void replay(const std::filesystem::path& file) {
  const std::string bytes = strata::read_host_file(file, 1u << 20);
  try_bytes(bytes);
  for (std::size_t size = 0; size < bytes.size(); size += 10)
    try_bytes(std::string_view(bytes).substr(0, size));
  std::mt19937 random(1);
  for (int i = 0; i < 2000 && !bytes.empty(); ++i) {
    std::string changed = bytes;
    for (int k = 0; k < 3; ++k) changed[random() % changed.size()] = static_cast<char>(random());
    try_bytes(changed);
  }
}

}  // namespace

int main(int argc, char** argv) {
  int files = 0;
  for (int i = 1; i < argc; ++i)
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      replay(entry.path());
      ++files;
    }
  std::printf("replayed %d files\n", files);
  return files > 0 ? 0 : 1;
}
