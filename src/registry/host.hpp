#pragma once
/// A registry as somebody to talk to: where it is, and what authorises requests to it.

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "registry/authorization.hpp"
#include "strata/http/client.hpp"
#include "strata/registry/repository.hpp"

namespace strata::registry {

/// Thread-safe.
class Host {
 public:
  /// `access` is borrowed. Credentials that are given count in place of the keyring's.
  Host(const Access& access, std::string domain, bool is_insecure,
       std::optional<Credentials> credentials = std::nullopt);

  /// As names of images have it.
  const std::string& domain() const { return domain_; }
  const http::Client& client() const { return access_.client; }

  /// The URL of what stands below /v2/. Finds out how the registry is spoken to, which takes a
  /// question the first time if plain http is allowed.
  std::string url(const std::string& path, const std::stop_token& stop);

  /// Sends with the authorisation that was enough for these scopes before, and once more with a new
  /// one if that is asked for. Nothing of it goes to another origin, neither by a redirect nor by a
  /// URL that an answer has named. A denial that cannot be met is Error denied.
  http::Answer send(http::Request request, const std::string& repository, const Scopes& scopes,
                    const http::OpenSink& open_sink, const http::Watch& watch);

  /// Remembers a repository that has a blob, so that others can mount it from there.
  void note_holder(const Digest& blob, const std::string& repository);
  /// The one that was noted last; nothing if there is none.
  std::optional<std::string> find_holder(const Digest& blob);

 private:
  std::string find_base(const std::stop_token& stop) const;
  const std::string& base(const std::stop_token& stop);
  std::string known(const Scopes& scopes);
  bool is_own(const std::string& url, const std::stop_token& stop);

  const Access& access_;
  std::string domain_;
  bool may_be_plain_;
  std::optional<Credentials> credentials_;
  std::mutex base_mutex_;
  std::string base_;  ///< "https://example.org"
  std::mutex mutex_;  ///< guards what follows
  std::map<Scopes, std::string> authorizations_;
  std::map<Digest, std::string> holders_;
};

/// Throws for an answer that is no success: what was being done, and the registry's own words.
[[noreturn]] void fail_answer(const http::Answer& answer, const std::string& doing);

}  // namespace strata::registry
