#pragma once
/// Names that lead to records: those of the slots of one Dockerfile, or of layers' contents. The
/// content of slots/<digest of what the table is about>.

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "strata/content/digest.hpp"

namespace strata::store {

/// Pairs of a slot's name and the key of a record, both digests. As bytes: name and key, 32 bytes
/// each, in the order of the names.
class SlotTable {
 public:
  /// Bytes that are no table are an empty one.
  static SlotTable decode(std::string_view bytes);
  std::string encode() const;

  /// Null if there is none.
  const Digest* find(const Digest& slot) const;
  /// False if it was so already.
  bool set(const Digest& slot, const Digest& key);
  /// Sets all that `newer` has.
  void set_all(const SlotTable& newer);
  /// Drops what leads to a key that is not `wanted`; true if there was any.
  bool keep(const std::function<bool(const Digest& key)>& wanted);
  bool empty() const { return keys_.empty(); }

 private:
  std::unordered_map<Digest, Digest> keys_;
};

}  // namespace strata::store
