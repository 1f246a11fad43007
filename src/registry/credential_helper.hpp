#pragma once
/// Programs that keep credentials: docker-credential-NAME with `get`, `store` or `erase`, which
/// talks over standard input and output (docker-credential-helpers).

#include <optional>
#include <string>
#include <vector>

#include "strata/registry/credentials.hpp"

namespace strata::registry {

class CredentialHelper {
 public:
  /// Throws Error corrupt, naming `file`, for a name that would not be one of a program.
  CredentialHelper(const std::string& name, const std::vector<std::string>& environment,
                   const std::string& file);

  const std::string& program() const { return program_; }

  /// Nothing if it has none.
  std::optional<Credentials> find(const std::string& key) const;
  void put(const std::string& key, const Credentials& credentials) const;
  /// False if it had none.
  bool remove(const std::string& key) const;

 private:
  /// Nothing if it says that there are no such credentials. Error denied with its own words.
  std::optional<std::string> run(const char* action, std::string input) const;

  std::string program_;
  const std::vector<std::string>& environment_;
};

}  // namespace strata::registry
