#pragma once
/// Small self-checking files under a key: cache/<key>, slots/<dockerfile> and remotes/<key>. A
/// record that is missing, cut short or damaged is simply not there: losing one costs a rebuild,
/// believing a wrong one would cost a wrong image.

#include <optional>
#include <string>
#include <vector>

#include "strata/base/root.hpp"
#include "strata/content/digest.hpp"

namespace strata::store {

/// Thread-safe.
class Records {
 public:
  /// `folder` is one of these three.
  Records(const Root& store, std::string folder);

  std::optional<std::string> find(const Digest& key) const;
  /// Puts the first record of a key. Where there is one already, nothing changes and it is
  /// returned.
  std::optional<std::string> put_first(const Digest& key, std::string_view bytes) const;
  /// Replaces atomically.
  void put(const Digest& key, std::string_view bytes) const;
  /// Says that a record is in use: its file gets the present time.
  void touch(const Digest& key) const;
  void remove(const Digest& key) const;
  std::vector<Digest> list() const;
  /// Bytes on disk.
  std::uint64_t size_on_disk(const Digest& key) const;

 private:
  Root directory_;
};

}  // namespace strata::store
