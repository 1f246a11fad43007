#pragma once
/// From a challenge to the header that answers it: Basic, or Bearer with a token fetched for it
/// (distribution's token and OAuth 2 flows).

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "registry/challenge.hpp"
#include "strata/http/client.hpp"
#include "strata/registry/credentials.hpp"

namespace strata::registry {

/// What a request wants to do: "repository:NAME:pull", one for each repository.
using Scopes = std::vector<std::string>;

/// Who asks whom.
struct Challenged {
  const http::Client& client;
  std::string registry;  ///< as people say it
  std::string url;       ///< of the registry that gave the challenge
  std::optional<http::AddressClass> peer;
  std::optional<Credentials> credentials;
};

/// The value for Authorization. Throws Error denied if the challenge cannot be met, saying how to
/// log in; Error corrupt for a challenge that would lead credentials astray: to a place that is
/// less protected, or in a network that is not the registry's nor a public one.
std::string authorize(const Challenged& who, const std::vector<Challenge>& challenges,
                      const Scopes& scopes, const std::stop_token& stop);

/// Whether a token service at this host may be shown the credentials of that registry: it is the
/// same host, or a name in the same domain.
bool is_kindred(const std::string& registry_host, const std::string& realm_host);

}  // namespace strata::registry
