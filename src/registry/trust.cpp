#include "strata/registry/trust.hpp"

#include <sys/stat.h>

#include "strata/base/error.hpp"
#include "strata/base/file.hpp"
#include "strata/base/root.hpp"
#include "strata/base/text.hpp"

namespace strata::registry {

namespace {

constexpr std::size_t certificate_size_max = 4u << 20;
constexpr std::string_view authority_suffix = ".crt";
constexpr std::string_view certificate_suffix = ".cert";
constexpr std::string_view key_suffix = ".key";

bool is_directory(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

bool is_file(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

std::string with_suffix(const std::string& path, std::string_view old, std::string_view now) {
  return cat(path.substr(0, path.size() - old.size()), now);
}

void read_directory(const std::string& directory, http::Trust& trust) {
  for (const std::string& name : Root::open(directory).list("")) {
    const std::string path = cat(directory, '/', name);
    if (name.ends_with(authority_suffix)) {
      trust.authorities += cat(read_host_file(path, certificate_size_max), '\n');
    } else if (name.ends_with(certificate_suffix)) {
      const std::string key = with_suffix(path, certificate_suffix, key_suffix);
      if (!is_file(key)) fail(ErrorKind::usage, path, " has no key; expected it in ", key);
      if (!trust.certificate_file.empty()) continue;
      trust.certificate_file = path;
      trust.key_file = key;
    } else if (name.ends_with(key_suffix)) {
      const std::string certificate = with_suffix(path, key_suffix, certificate_suffix);
      if (!is_file(certificate))
        fail(ErrorKind::usage, path, " has no certificate; expected it in ", certificate);
    }
  }
}

}  // namespace

http::Trust read_trust(const std::vector<std::string>& directories, const std::string& host) {
  http::Trust trust;
  // A host of a URL that somebody else wrote is no path.
  if (host.empty() || host.front() == '.' || host.find('/') != std::string::npos) return trust;
  for (const std::string& directory : directories) {
    const std::string own = cat(directory, '/', host);
    if (is_directory(own)) read_directory(own, trust);
  }
  return trust;
}

}  // namespace strata::registry
