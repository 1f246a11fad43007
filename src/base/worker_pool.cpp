#include "strata/base/worker_pool.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <system_error>
#include <utility>

#include "strata/base/error.hpp"

namespace strata {

WorkerPool::WorkerPool(unsigned threads) : size_(std::max(1U, threads)) {}

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void WorkerPool::enqueue(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= idle_ && threads_.size() < size_ && !closing_) start_thread();
    queue_.push_back(std::move(task));
  }
  wake_.notify_one();
}

void WorkerPool::start_thread() {
  try {
    threads_.emplace_back([this] { work(); });
  } catch (const std::system_error& error) {
    // Fewer threads than asked for do the same work, only later.
    if (threads_.empty()) fail_system(error.code().value(), "cannot start a thread");
  }
}

void WorkerPool::work() {
  for (;;) {
    std::function<void()> task;
    {
      std::unique_lock lock(mutex_);
      ++idle_;
      wake_.wait(lock, [this] { return closing_ || !queue_.empty(); });
      --idle_;
      if (queue_.empty()) return;
      task = std::move(queue_.front());
      queue_.pop_front();
    }
    task();
  }
}

namespace {

/// One for_each_index on its way. The caller waits for helpers that have come in, never for those
/// still queued: a helper that comes after the end finds the door closed and does not touch the
/// body, which may be gone by then. So the call also ends when every thread of the pool is busy,
/// and when it is made from one of them.
class IndexRun {
 public:
  IndexRun(std::size_t count, const std::function<void(std::size_t)>& body)
      : count_(count), body_(body) {}

  void help() {
    {
      const std::lock_guard lock(mutex_);
      if (closed_) return;
      ++helpers_inside_;
    }
    drain();
    const std::lock_guard lock(mutex_);
    --helpers_inside_;
    helper_left_.notify_one();
  }

  void run_to_end() {
    drain();
    std::unique_lock lock(mutex_);
    closed_ = true;
    helper_left_.wait(lock, [this] { return helpers_inside_ == 0; });
    // Taken out, so that a late helper's end is not the end of an exception that the caller reads.
    if (first_error_) std::rethrow_exception(std::exchange(first_error_, nullptr));
  }

 private:
  void drain() {
    try {
      while (!failed_) {
        const std::size_t index = next_.fetch_add(1);
        if (index >= count_) return;
        body_(index);
      }
    } catch (...) {
      failed_ = true;
      const std::lock_guard lock(mutex_);
      if (!first_error_) first_error_ = std::current_exception();
    }
  }

  const std::size_t count_;
  const std::function<void(std::size_t)>& body_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;
  std::condition_variable helper_left_;
  std::size_t helpers_inside_ = 0;
  bool closed_ = false;
  std::exception_ptr first_error_;
};

}  // namespace

void WorkerPool::for_each_index(std::size_t count, const std::function<void(std::size_t)>& body) {
  if (count == 0) return;
  const auto run = std::make_shared<IndexRun>(count, body);
  const std::size_t helpers = std::min<std::size_t>(size(), count - 1);
  for (std::size_t i = 0; i < helpers; ++i) enqueue([run] { run->help(); });
  run->run_to_end();
}

}  // namespace strata
