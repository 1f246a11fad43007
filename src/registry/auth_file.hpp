#pragma once
/// One file of credentials: Docker's config.json or containers' auth.json.

#include <optional>
#include <string>

#include "strata/base/json.hpp"
#include "strata/registry/credentials.hpp"

namespace strata::registry {

/// A file as it was read; changes are written by `save`.
class AuthFile {
 public:
  /// A file that is not there is an empty one. Error corrupt for what is no such file.
  explicit AuthFile(std::string host_path);

  const std::string& host_path() const { return host_path_; }

  /// Of the entry whose key names the longest part of "domain/repository".
  std::optional<Credentials> find(const std::string& domain, const std::string& repository) const;
  /// The helper that keeps the registry's credentials; nothing if the file itself does.
  std::optional<std::string> helper(const std::string& domain) const;

  void put(const std::string& domain, const Credentials& credentials);
  /// An entry without credentials: the mark of a registry whose helper has them.
  void put_mark(const std::string& domain);
  /// False if there was none.
  bool remove(const std::string& domain);
  /// Replaces the file in one step, for its owner alone. Its directory is made if missing.
  void save() const;

 private:
  json::object& auths();

  std::string host_path_;
  json::object document_;
};

/// What a registry is called in these files and by helpers.
std::string auth_key(const std::string& domain);

}  // namespace strata::registry
