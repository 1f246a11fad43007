#pragma once
/// A queue with many writers and one reader: the way threads answer the thread that owns the state.

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

namespace strata {

/// Whether a message wakes the reader. Waking costs the writer more than a small step of work does,
/// so what is only to be shown to somebody can wait for company.
enum class Urgency { now, soon };

/// Unbounded and thread-safe; messages of one writer come out in the order they went in.
template <class Message>
class Mailbox {
 public:
  /// A message that is `soon` is read with the next urgent one, or a millisecond later.
  void post(Message message, Urgency urgency = Urgency::now) {
    bool must_wake = false;
    {
      const std::lock_guard lock(mutex_);
      messages_.push_back(std::move(message));
      if (urgency == Urgency::now) is_urgent_ = true;
      must_wake = is_urgent_ || messages_.size() == 1;
    }
    if (must_wake) ready_.notify_one();
  }

  /// Waits until there are messages, and takes them all.
  std::deque<Message> take() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return !messages_.empty(); });
    ready_.wait_for(lock, company_wait, [this] { return is_urgent_; });
    is_urgent_ = false;
    return std::exchange(messages_, {});
  }

 private:
  static constexpr std::chrono::milliseconds company_wait{1};

  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Message> messages_;
  bool is_urgent_ = false;
};

}  // namespace strata
