#pragma once
/// One repository at a registry: manifests and blobs, in and out (OCI distribution-spec). It knows
/// no image: any document and any blob can be fetched alone, when it is wanted.
///
/// Registries are spoken to over https. Plain http is for those on this machine's own loopback, and
/// those that the user calls insecure. Whatever a registry answers is checked: documents have at
/// most 4 MiB and must have their digest. Credentials go to the registry's own origin (scheme, host
/// and port) alone, and to the place that it names for tokens if that is on the same host or in the
/// same domain, no less protected, and on the same kind of network or a public one.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "strata/content/digest.hpp"
#include "strata/http/client.hpp"
#include "strata/oci/descriptor.hpp"
#include "strata/registry/credentials.hpp"
#include "strata/registry/mirrors.hpp"

namespace strata::registry {

/// What is needed to talk to registries; client and keyring are borrowed.
struct Access {
  const http::Client& client;
  const Keyring& keyring;
  MirrorRules mirrors;
  /// "host" or "host:port", for which plain http will do.
  std::set<std::string> insecure_hosts;
};

/// A manifest, an index, or any other document that a registry keeps as one.
struct Document {
  std::string media_type;
  Digest digest;
  std::string bytes;
};

/// How a blob came to be in a repository.
enum class Arrival { was_there, mounted, sent };

class Host;

/// A blob as a range of an open file, which is borrowed.
struct BlobFile {
  Digest digest;
  std::uint64_t size;  ///< bytes, from the file's beginning
  int fd;
};

/// Copies are cheap and share what was learned of the registry: its scheme, tokens. Thread-safe.
/// All errors name the registry: Error unreachable, denied, not_found, corrupt, interrupted.
class Repository {
 public:
  Repository(std::shared_ptr<Host> host, std::string name);

  /// As people say it: "example.org:5000/team/app".
  std::string text() const;
  const std::string& name() const { return name_; }

  /// By tag or digest; nothing if there is none. The bytes have the digest they claim.
  std::optional<Document> find_manifest(const std::string& tag_or_digest,
                                        const std::stop_token& stop) const;
  bool has_manifest(const std::string& tag_or_digest, const std::stop_token& stop) const;

  /// Streams a blob of `size` bytes, which must be its size, into what `open_sink` opens: once, and
  /// again if a cut body could not be resumed. The caller checks the digest.
  void fetch_blob(const Digest& digest, std::uint64_t size, const http::OpenSink& open_sink,
                  const http::Watch& watch) const;
  /// A small blob, whole and checked.
  std::string fetch_document(const oci::Descriptor& blob, const std::stop_token& stop,
                             std::size_t size_max = oci::document_size_max) const;

  /// How a blob came to be there without its bytes: it was there, or could be had from one of the
  /// repositories of this registry that are said to have it, or to which this process has sent it.
  /// Nothing if it has to be sent.
  std::optional<Arrival> offer_blob(const Digest& digest,
                                    const std::vector<std::string>& mount_from,
                                    const http::Watch& watch) const;
  /// Sends a blob unless it is there, or can be had from one of the repositories of this registry
  /// that are said to have it. Large blobs go in pieces; a piece that fails is sent again from
  /// where the registry says it is.
  Arrival put_blob(const BlobFile& blob, const std::vector<std::string>& mount_from,
                   const http::Watch& watch) const;

  /// Stores a document under a tag or its digest. All that it names must be there.
  void put_manifest(const std::string& tag_or_digest, const Document& document,
                    const std::stop_token& stop) const;

 private:
  std::vector<std::string> with_known_holder(const Digest& digest,
                                             const std::vector<std::string>& mount_from) const;

  std::shared_ptr<Host> host_;
  std::string name_;
};

/// The registries that a process talks to. Thread-safe.
class Registries {
 public:
  explicit Registries(Access access);
  ~Registries();

  const Access& access() const;
  /// Asks nobody yet.
  Repository open(const Place& place);

  /// Asks a registry whether it takes the credentials; Error denied if not.
  void try_credentials(const std::string& domain, const Credentials& credentials,
                       const std::stop_token& stop) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace strata::registry
