#pragma once
/// The store: one directory that is at all times a valid OCI image layout, with caches beside it.
///
///   oci-layout index.json blobs/sha256/<hex>     images: any tool reads them in place
///   trees/<diffid> unpacked/<diffid>/            derived forms of layers
///   cache/<key> slots/<dockerfile>               records of build steps
///   contexts/<id>                                stat indexes of build contexts
///   remotes/<id>                                 what was fetched from elsewhere, by its name
///   mounts/<id>                                  content of RUN --mount=type=cache
///   containers/<id>/                             writable layers
///   leases/ locks/ tmp/                          work of living processes, and what they delete
///
/// Many processes on one store are the normal case. Nothing half-written ever has a final name.

#include <memory>
#include <stop_token>
#include <string>

#include "strata/base/lock.hpp"
#include "strata/base/root.hpp"
#include "strata/store/blobs.hpp"
#include "strata/store/cache_mounts.hpp"
#include "strata/store/containers.hpp"
#include "strata/store/images.hpp"
#include "strata/store/layers.hpp"
#include "strata/store/lease.hpp"
#include "strata/store/records.hpp"
#include "strata/store/work_directory.hpp"

namespace strata::store {

class Store {
 public:
  /// Opens the store at a host path, made (mode 0700) if missing. Error denied if others may enter
  /// it (image files may be setuid); Error corrupt if the directory holds something else. Takes
  /// away the work directories of processes that died.
  explicit Store(const std::string& host_path);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  const std::string& host_path() const { return host_path_; }
  const Root& root() const { return root_; }

  const Blobs& blobs() const;
  const Images& images() const;
  const Layers& layers() const;
  const Records& cache_records() const;
  const Records& slots() const;
  const Containers& containers() const;
  const CacheMounts& cache_mounts() const;
  Lease& lease();

  WorkDirectory make_work_directory() const { return WorkDirectory(root_); }

  /// Waits until nobody else brings this blob from elsewhere, and keeps others waiting while it is
  /// held: whoever gets it looks first whether the blob has come. Error interrupted.
  FileLock lock_arrival(const Digest& blob, const std::stop_token& stop) const;

  /// Shared by everyone who adds to what is protected, exclusive for a prune's decision.
  FileLock lock_collect(LockMode mode) const;

 private:
  struct Parts;
  std::string host_path_;
  Root root_;
  std::unique_ptr<Parts> parts_;
};

}  // namespace strata::store
