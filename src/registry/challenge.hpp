#pragma once
/// What a server wants to be shown: the field WWW-Authenticate (RFC 9110 §11.6.1).

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "strata/http/client.hpp"

namespace strata::registry {

struct Challenge {
  std::string scheme;                             ///< lower case: "basic", "bearer"
  std::map<std::string, std::string> parameters;  ///< names in lower case
  friend bool operator==(const Challenge&, const Challenge&) = default;
};

/// All challenges of one field's value. What cannot be read ends the list.
std::vector<Challenge> parse_challenges(std::string_view value);
/// Those of all such fields of an answer.
std::vector<Challenge> challenges_of(const http::Headers& headers);

}  // namespace strata::registry
