#include "emulators.hpp"

#include <algorithm>
#include <array>
#include <boost/filesystem/operations.hpp>
#include <boost/filesystem/path.hpp>

#include "strata/base/error.hpp"
#include "strata/base/file.hpp"
#include "strata/base/text.hpp"

namespace strata::cli {

namespace {

namespace fs = boost::filesystem;

/// As the packages of qemu call their entries, and what Go calls the architecture.
struct Emulator {
  std::string_view entry;
  std::string_view architecture;
};
constexpr std::array emulators{
    Emulator{"qemu-aarch64", "arm64"},     Emulator{"qemu-arm", "arm"},
    Emulator{"qemu-i386", "386"},          Emulator{"qemu-loongarch64", "loong64"},
    Emulator{"qemu-mips64el", "mips64le"}, Emulator{"qemu-ppc64le", "ppc64le"},
    Emulator{"qemu-riscv64", "riscv64"},   Emulator{"qemu-s390x", "s390x"},
    Emulator{"qemu-x86_64", "amd64"}};

constexpr std::size_t entry_size_max = 64 << 10;

/// "enabled", then lines of a word and its value; `flags: OCF` among them.
bool is_usable(std::string_view entry) {
  const auto lines = split(entry, '\n');
  const auto has_f = [](const std::string& line) {
    return line.starts_with("flags:") && line.find('F') != std::string::npos;
  };
  return lines.front() == "enabled" && std::any_of(lines.begin(), lines.end(), has_f);
}

std::string read_entry(const fs::path& path) {
  boost::system::error_code error;
  if (!fs::exists(path, error)) return {};
  return read_host_file(path.string(), entry_size_max);
}

}  // namespace

std::vector<oci::Platform> emulated_platforms(const std::string& folder) {
  std::vector<oci::Platform> platforms;
  for (const auto& [entry, architecture] : emulators) {
    if (!is_usable(read_entry(fs::path(folder) / std::string(entry)))) continue;
    platforms.push_back({"linux", std::string(architecture), ""});
  }
  return platforms;
}

}  // namespace strata::cli
