#pragma once
/// What the user's secrets say to servers. The id of a secret names the host that it is for, as
/// BuildKit has it: HTTP_AUTH_HEADER_<host> and HTTP_AUTH_TOKEN_<host>, and for repositories
/// GIT_AUTH_HEADER and GIT_AUTH_TOKEN, alone or with .<host>. A host stands with its port if the
/// URL has one; the port that the scheme has anyway may be left out.

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "strata/base/url.hpp"

namespace strata::remote {

/// The bytes of secrets by their ids.
using Secrets = std::map<std::string, std::string>;

/// A secret that is meant for a URL.
struct Credential {
  std::string secret;         ///< its id
  std::string authorization;  ///< the value of the header Authorization
  /// A secret that names no host is not sent where everybody on the way can read it.
  bool may_be_sent = true;
};

enum class Wanted { file, repository };

/// The secret for a URL, one that names the host before one that does not; nothing if there is none
/// or if the URL is neither http nor https. Error usage, naming the secret alone, for one that no
/// header can have.
std::optional<Credential> find_credential(const Secrets& secrets, const Url& url, Wanted wanted);

/// RFC 7617.
std::string basic_authorization(std::string_view user, std::string_view password);

}  // namespace strata::remote
