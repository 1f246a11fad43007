#pragma once
/// Who somebody is at a registry, and the files and helpers that remember it: Docker's config.json
/// (`auths`, `credsStore`, `credHelpers`) and containers' auth.json, which has the same shape with
/// keys that may name a part of a registry ("host/team").

#include <optional>
#include <string>
#include <vector>

namespace strata::registry {

struct Credentials {
  std::string user;
  std::string secret;              ///< a password, or
  bool is_identity_token = false;  ///< a token that is exchanged for others (OAuth 2 refresh token)
  friend bool operator==(const Credentials&, const Credentials&) = default;
};

struct CredentialFiles {
  std::vector<std::string> read;  ///< host paths; the first one that knows a registry counts
  std::string written;            ///< where `put` and `remove` work; Error usage if empty
  /// NAME=value for helpers (docker-credential-NAME), which are looked up in its PATH.
  std::vector<std::string> helper_environment;
};

/// Thread-safe. Files are read when asked, so that a helper is only run for its registry. A
/// malformed file is Error corrupt naming it; a helper that fails is Error denied with its words.
class Keyring {
 public:
  explicit Keyring(CredentialFiles files) : files_(std::move(files)) {}

  /// Those for a repository of a registry ("docker.io", "example.org:5000"). The key that names the
  /// longest part of it counts; nothing if there is none.
  std::optional<Credentials> find(const std::string& domain, const std::string& repository) const;

  /// Keeps them for the whole registry: with the helper that the file names for it, else in the
  /// file itself, which is replaced in one step and is its owner's alone (0600). What else stands
  /// in the file stays. Returns where they are now, for people.
  std::string put(const std::string& domain, const Credentials& credentials) const;

  /// False if there were none.
  bool remove(const std::string& domain) const;

 private:
  CredentialFiles files_;
};

}  // namespace strata::registry
