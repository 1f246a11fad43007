#pragma once
/// A queue with many writers and one reader: the way threads answer the thread that owns the state.

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace strata {

/// Unbounded and thread-safe; messages of one writer come out in the order they went in.
template <class Message>
class Mailbox {
 public:
  void post(Message message) {
    {
      const std::lock_guard lock(mutex_);
      messages_.push_back(std::move(message));
    }
    ready_.notify_one();
  }

  /// Waits for the next message.
  Message take() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return !messages_.empty(); });
    Message message = std::move(messages_.front());
    messages_.pop_front();
    return message;
  }

 private:
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Message> messages_;
};

}  // namespace strata
