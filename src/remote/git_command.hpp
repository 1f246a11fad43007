#pragma once
/// git as a child that reads no configuration, asks nobody, runs no hook and reaches nothing but
/// what it was sent to.

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "strata/context/place.hpp"

namespace strata::remote {

/// Where a repository is, with what git must not be given in words that others can read.
struct GitAddress {
  std::string url;                       ///< without password, and without user for http
  std::vector<std::string> environment;  ///< NAME=value with the credentials, for its origin alone
  std::string protocols;                 ///< that may be used, as GIT_ALLOW_PROTOCOL lists them

  /// ssh://… or user@host:path.
  bool is_behind_ssh() const;
};
/// `authorization` is the value of the header that proves the user's right; empty for what the URL
/// itself says.
GitAddress make_address(const std::string& url, std::string authorization = {});

/// Runs git in one directory of the host.
class Git {
 public:
  /// `home` is an empty directory; `environment` is what the caller lets through.
  Git(const GitAddress& address, std::vector<std::string> environment, const std::string& home,
      std::string directory, std::stop_token stop);

  /// What git prints. Throws Error unreachable with git's words if it fails.
  std::string run(const std::vector<std::string>& words) const;
  /// As run; nothing if git fails.
  std::optional<std::string> find(const std::vector<std::string>& words) const;

 private:
  std::vector<std::string> environment_;
  bool has_credentials_;
  std::string directory_;
  std::stop_token stop_;
};

}  // namespace strata::remote
