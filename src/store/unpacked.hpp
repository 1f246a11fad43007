#pragma once
/// The folder of unpacked layers: unpacked/<diffid>/fs is the overlay lower, unpacked/<diffid>/boot
/// says in which boot of the machine it was made. The marker is written last, so a directory with
/// the marker of this boot is whole; any other is taken away and made again, since nothing in it
/// was ever synced.

#include <optional>
#include <string>

#include "strata/base/root.hpp"
#include "strata/content/digest.hpp"

namespace strata::store {

class Unpacked {
 public:
  /// `store` is borrowed.
  explicit Unpacked(const Root& store);

  /// The host path of a whole layer.
  std::optional<std::string> find(const DiffId& diff_id) const;

  /// Moves a directory of the same file system here and returns its new host path. To be called
  /// under the layer's unpack lock, when `find` has found nothing.
  std::string put(const DiffId& diff_id, const std::string& host_path) const;

 private:
  const Root& store_;
  std::string host_path_;  ///< of the folder
  std::string boot_id_;
};

}  // namespace strata::store
