#pragma once
/// How this user reaches registries: what the options, the environment and the usual files say.

#include <memory>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "strata/http/client.hpp"
#include "strata/registry/credentials.hpp"
#include "strata/registry/repository.hpp"

namespace strata::cli {

/// --tls-ca and --insecure.
void add_registry_options(Syntax& syntax);

struct RegistryRequest {
  std::string authorities_file;  ///< --tls-ca; empty for none
  std::vector<std::string> insecure_hosts;
};
RegistryRequest read_registry_request(const Arguments& arguments);

/// The host of a registry as people write it; "docker.io" for nothing. Error usage if it is none.
std::string parse_registry_host(const std::string& text);

/// Reads its files when first used, so that who needs no registry is not told of mistakes in them.
class RegistryAccess {
 public:
  explicit RegistryAccess(RegistryRequest request) : request_(std::move(request)) {}
  registry::Registries& registries();
  const registry::Keyring& keyring() const { return keyring_; }

 private:
  registry::MirrorRules read_mirrors() const;
  std::function<http::Trust(const std::string&)> make_trust(
      const std::set<std::string>& insecure) const;

  RegistryRequest request_;
  registry::Keyring keyring_ = registry::Keyring(find_credential_files());
  std::unique_ptr<http::Client> client_;
  std::unique_ptr<registry::Registries> registries_;

  static registry::CredentialFiles find_credential_files();
};

}  // namespace strata::cli
