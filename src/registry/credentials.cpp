#include "strata/registry/credentials.hpp"

#include "registry/auth_file.hpp"
#include "registry/credential_helper.hpp"
#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

namespace strata::registry {

std::optional<Credentials> Keyring::find(const std::string& domain,
                                         const std::string& repository) const {
  for (const std::string& path : files_.read) {
    const AuthFile file(path);
    if (const auto name = file.helper(domain)) {
      const CredentialHelper helper(*name, files_.helper_environment, path);
      if (auto found = helper.find(auth_key(domain))) return found;
    }
    if (auto found = file.find(domain, repository)) return found;
  }
  return std::nullopt;
}

namespace {

const std::string& checked_path(const CredentialFiles& files) {
  if (files.written.empty()) {
    fail(ErrorKind::usage, "there is no place to keep credentials: neither REGISTRY_AUTH_FILE, ",
         "DOCKER_CONFIG nor HOME is set");
  }
  return files.written;
}

}  // namespace

std::string Keyring::put(const std::string& domain, const Credentials& credentials) const {
  AuthFile file(checked_path(files_));
  const auto name = file.helper(domain);
  if (!name) {
    file.put(domain, credentials);
    file.save();
    return file.host_path();
  }
  const CredentialHelper helper(*name, files_.helper_environment, file.host_path());
  helper.put(auth_key(domain), credentials);
  file.put_mark(domain);
  file.save();
  return helper.program();
}

bool Keyring::remove(const std::string& domain) const {
  AuthFile file(checked_path(files_));
  bool is_removed = false;
  if (const auto name = file.helper(domain)) {
    const CredentialHelper helper(*name, files_.helper_environment, file.host_path());
    is_removed = helper.remove(auth_key(domain));
  }
  if (!file.remove(domain)) return is_removed;
  file.save();
  return true;
}

}  // namespace strata::registry
