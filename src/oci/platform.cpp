#include "strata/oci/platform.hpp"

#include <sys/utsname.h>

#include <algorithm>
#include <array>
#include <span>

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

namespace strata::oci {

namespace {

struct Alias {
  std::string_view written;
  std::string_view architecture;
  std::string_view variant;  ///< when the writer names none
};

// As containerd's platforms/database.go.
constexpr std::array<Alias, 11> aliases{{
    {"x86_64", "amd64", ""},
    {"x86-64", "amd64", ""},
    {"i386", "386", ""},
    {"i486", "386", ""},
    {"i586", "386", ""},
    {"i686", "386", ""},
    {"aarch64", "arm64", ""},
    {"armhf", "arm", "v7"},
    {"armv7l", "arm", "v7"},
    {"armel", "arm", "v6"},
    {"armv6l", "arm", "v6"},
}};

constexpr std::array<std::string_view, 8> systems{"linux",  "windows", "darwin",  "freebsd",
                                                  "netbsd", "openbsd", "solaris", "wasip1"};

/// Of these one word alone is enough.
constexpr std::array<std::string_view, 16> architectures{
    "386",    "amd64", "arm",     "arm64", "loong64", "mips",  "mips64",  "mips64le",
    "mipsle", "ppc64", "ppc64le", "riscv", "riscv64", "s390x", "sparc64", "wasm"};

bool is_one_of(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Variants that say nothing beyond the architecture are dropped; "7" means "v7".
std::string normal_variant(std::string_view architecture, std::string_view variant) {
  std::string result(variant);
  if (result.size() == 1 && result[0] >= '1' && result[0] <= '9') result.insert(0, "v");
  if (architecture == "arm64" && result == "v8") return "";
  if (architecture == "amd64" && result == "v1") return "";
  if (architecture == "arm" && result.empty()) return "v7";
  return result;
}

Platform normal_platform(std::string os, std::string_view architecture, std::string_view variant) {
  if (os == "macos") os = "darwin";
  for (const Alias& alias : aliases) {
    if (alias.written != architecture) continue;
    architecture = alias.architecture;
    if (variant.empty()) variant = alias.variant;
    break;
  }
  return {std::move(os), std::string(architecture), normal_variant(architecture, variant)};
}

bool is_platform_word(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

}  // namespace

std::string to_string(const Platform& platform) {
  std::string text = platform.os + "/" + platform.architecture;
  if (!platform.variant.empty()) text += "/" + platform.variant;
  return text;
}

Platform parse_platform(std::string_view text) {
  const std::vector<std::string> words = split(to_lower(text), '/');
  if (words.size() > 3 || !std::all_of(words.begin(), words.end(), is_platform_word)) {
    fail(ErrorKind::usage, "platform ", quoted(text),
         " is not of the form os/architecture[/variant], as in \"linux/amd64\"");
  }
  if (words.size() == 3) return normal_platform(words[0], words[1], words[2]);
  if (words.size() == 2) return normal_platform(words[0], words[1], "");
  if (is_one_of(systems, words[0])) {
    const Platform host = host_platform();
    return {words[0], host.architecture, host.variant};
  }
  Platform platform = normal_platform("linux", words[0], "");
  if (is_one_of(architectures, platform.architecture)) return platform;
  fail(ErrorKind::usage, "platform ", quoted(text), " is no operating system or architecture that ",
       "is known; write both, as in \"linux/amd64\"");
}

Platform host_platform() {
  struct utsname names {};
  if (::uname(&names) != 0) fail_errno("cannot ask what machine this is");
  return normal_platform("linux", names.machine, "");
}

bool serves(const Platform& have, const Platform& want) {
  return have.os == want.os && have.architecture == want.architecture &&
         (have.variant == want.variant || have.variant.empty() || want.variant.empty());
}

}  // namespace strata::oci
