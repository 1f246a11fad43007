#pragma once
/// A bounded set of threads that do independent pieces of work, and ways to wait for their results.

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace strata {

/// Runs tasks on its threads in the order given. A thread is started when there is a task that none
/// is free for. Destruction finishes what was submitted. With one
/// thread or more the results of any caller must not depend on the number. Thread-safe. A task must
/// not wait for another task of the same pool.
class WorkerPool {
 public:
  /// At most `threads` at a time, and at least 1.
  explicit WorkerPool(unsigned threads);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// How many tasks can be done at a time.
  unsigned size() const { return size_; }

  /// Queues `work`; its result or exception comes through the future.
  template <class Work>
  auto submit(Work work) -> std::future<std::invoke_result_t<Work>> {
    auto task = std::make_shared<std::packaged_task<std::invoke_result_t<Work>()>>(std::move(work));
    auto result = task->get_future();
    enqueue([task] { (*task)(); });
    return result;
  }

  /// Calls `body(i)` for every i below `count`, spread over the pool and the calling thread, and
  /// returns when all are done. The first exception is thrown on; indices not yet begun are
  /// skipped.
  void for_each_index(std::size_t count, const std::function<void(std::size_t)>& body);

 private:
  void enqueue(std::function<void()> task);
  void start_thread();
  void work();

  const unsigned size_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  bool closing_ = false;
  std::size_t idle_ = 0;  ///< threads that wait for a task
  std::vector<std::thread> threads_;
};

}  // namespace strata
