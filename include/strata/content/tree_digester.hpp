#pragma once
/// The digest of a tree that nobody has put together.

#include <memory>

#include "strata/content/tree.hpp"

namespace strata {

/// What tree_digest says of a tree with the entries that are added, which come in its order.
class TreeDigester {
 public:
  explicit TreeDigester(CompareTimes times);
  ~TreeDigester();

  /// Error system for a regular file whose content is not known.
  void add(const Entry& entry);
  /// The digest; the digester is spent afterwards.
  Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace strata
