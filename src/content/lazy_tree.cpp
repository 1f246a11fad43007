#include "strata/content/lazy_tree.hpp"

#include <utility>

namespace strata {

LazyTree::LazyTree(std::shared_ptr<const Tree> tree) : state_(std::make_shared<State>()) {
  state_->owned = std::move(tree);
  state_->tree = state_->owned.get();
}

LazyTree::LazyTree(Read read) : state_(std::make_shared<State>()) {
  state_->read = std::move(read);
}

const Tree& LazyTree::operator*() const {
  if (const Tree* tree = state_->tree.load(std::memory_order_acquire)) return *tree;
  const std::lock_guard turn(state_->turn);
  if (!state_->owned) {
    state_->owned = state_->read();
    state_->read = {};
    state_->tree.store(state_->owned.get(), std::memory_order_release);
  }
  return *state_->owned;
}

}  // namespace strata
