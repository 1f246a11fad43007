#include "content/ordered_hasher.hpp"

namespace strata {

void OrderedHasher::put(std::size_t number, std::string_view block) {
  std::unique_lock lock(mutex_);
  waiting_.emplace(number, block);
  if (is_busy_) return;
  is_busy_ = true;
  while (!waiting_.empty() && waiting_.begin()->first == next_) {
    const std::string_view first = waiting_.extract(waiting_.begin()).mapped();
    states_.emplace(next_, hasher_.state());
    lock.unlock();
    {
      const SpanTimer timer(spans_, "hash");
      hasher_.write(first);
    }
    lock.lock();
    ++next_;
    hashed_.notify_all();
  }
  is_busy_ = false;
}

HashState OrderedHasher::await(std::size_t number) {
  std::unique_lock lock(mutex_);
  hashed_.wait(lock, [&] { return next_ > number; });
  return states_.extract(number).mapped();
}

}  // namespace strata
