#pragma once
/// Files from elsewhere, brought into the store and remembered there: a file behind a URL, the
/// files of a commit. What has not changed costs one question to its server; what is named by its
/// own digest or commit id costs none.
///
/// Records are lost without harm: then the thing is fetched again.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "strata/base/worker_pool.hpp"
#include "strata/content/file_origin.hpp"
#include "strata/context/place.hpp"
#include "strata/http/client.hpp"
#include "strata/oci/image.hpp"
#include "strata/remote/credentials.hpp"
#include "strata/store/store.hpp"

namespace strata::remote {

/// What fetching works with; borrowed. Safe to use from several threads.
struct Fetcher {
  store::Store& store;
  const http::Client& client;
  WorkerPool& pool;
  /// NAME=value that git may see: PATH, proxies, SSH_AUTH_SOCK, GIT_SSL_CAINFO. Nothing else of the
  /// caller's environment reaches it.
  std::vector<std::string> git_environment;
  /// Those whose ids say so are sent to the hosts they name, and to no other.
  Secrets secrets = {};
  /// The socket of the ssh agent for repositories behind ssh, in place of the environment's; empty
  /// for that one.
  std::function<std::string()> find_agent = {};
};

/// What is told (which digest or commit a name has come to), and when to end.
struct Watch {
  std::function<void(std::string)> tell;
  std::stop_token stop;
};

/// The file behind an http or https URL as an origin that has it at `path`: mode 0600, owned by
/// root, with the server's time for it or else 1970's. Its bytes are fetched only if they are read
/// and not in the store. Error corrupt if they do not have the digest `expected`; Error
/// unreachable, not_found or denied, naming the URL without its credentials.
std::shared_ptr<FileOrigin> open_url(const Fetcher& fetcher, const std::string& url,
                                     const std::optional<Digest>& expected, const std::string& path,
                                     const Watch& watch);

struct Commit {
  oci::Layer layer;
  std::int64_t time;  ///< the committer's, in seconds since 1970
};

/// The files of a repository's commit as a layer in the store: modes 0644 and 0755, owned by root,
/// times those of the commit. Error not_found if there is no such ref or directory; Error corrupt
/// if the commit does not begin with `checksum`; Error unreachable with git's own words.
Commit fetch_commit(const Fetcher& fetcher, const context::GitReference& reference,
                    const Watch& watch);

/// The blob that a record of this floor leads to, for a collection of the store; nothing if the
/// record cannot be read.
std::optional<Digest> blob_of_record(std::string_view record);

}  // namespace strata::remote
