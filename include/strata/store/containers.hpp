#pragma once
/// Where containers live: containers/<id>/ with the digest of the image they stand on (which keeps
/// the image's layers from being collected), a record written by the container floor, and the
/// writable layer (`upper`, `work`).

#include <optional>
#include <string>
#include <vector>

#include "strata/base/lock.hpp"
#include "strata/base/root.hpp"
#include "strata/content/digest.hpp"

namespace strata::store {

struct ContainerFolder {
  std::string id;  ///< 64 hex digits
  Digest image_manifest;
  std::string host_path;
};

class Containers {
 public:
  explicit Containers(const Root& store);

  /// A new folder with empty `upper` and `work`.
  ContainerFolder create(const Digest& image_manifest) const;
  std::vector<ContainerFolder> list() const;
  /// Removes a container that does not run: Error usage if its run lock is held.
  void remove(const std::string& id) const;

  /// Held by the process that runs the container. Nothing if somebody else holds it.
  std::optional<FileLock> try_run_lock(const std::string& id) const;
  bool is_running(const std::string& id) const;

 private:
  const Root& store_;
};

}  // namespace strata::store
