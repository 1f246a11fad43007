#pragma once
/// Jobs that run on a pool's threads and come back in the order in which they were put in.

#include <atomic>
#include <deque>
#include <exception>
#include <memory>
#include <utility>

#include "strata/base/worker_pool.hpp"

namespace strata {

/// Job is a type with `void run()`. For use by one thread. A job that no worker has begun when its
/// turn comes is run by the thread that wants it: so a busy pool, even a pool whose every thread
/// waits in here, is no deadlock, and the waiting thread is not idle. Destruction drops the jobs
/// not begun and waits for the others, which may thus refer to what outlives this object.
template <class Job>
class OrderedJobs {
 public:
  OrderedJobs(WorkerPool& pool, std::size_t in_flight_max)
      : pool_(pool), in_flight_max_(in_flight_max) {}
  OrderedJobs(const OrderedJobs&) = delete;
  OrderedJobs& operator=(const OrderedJobs&) = delete;
  ~OrderedJobs() {
    for (const auto& slot : slots_)
      if (!slot->claim()) slot->wait();
  }

  bool empty() const { return slots_.empty(); }
  bool is_full() const { return slots_.size() >= in_flight_max_; }

  void put(std::unique_ptr<Job> job) {
    auto slot = std::make_shared<Slot>(std::move(job));
    slots_.push_back(slot);
    pool_.submit([slot] {
      if (slot->claim()) slot->run();
    });
  }

  /// The oldest job, done. Throws what it threw.
  std::unique_ptr<Job> take() {
    const auto slot = slots_.front();
    if (slot->claim())
      slot->run();
    else
      slot->wait();
    slots_.pop_front();
    if (slot->error) std::rethrow_exception(slot->error);
    return std::move(slot->job);
  }

 private:
  enum class State { queued, claimed, done };

  struct Slot {
    explicit Slot(std::unique_ptr<Job> put) : job(std::move(put)) {}

    bool claim() {
      State expected = State::queued;
      return state.compare_exchange_strong(expected, State::claimed);
    }
    void run() {
      try {
        job->run();
      } catch (...) {
        error = std::current_exception();
      }
      state.store(State::done);
      state.notify_one();
    }
    void wait() const { state.wait(State::claimed); }

    std::unique_ptr<Job> job;
    std::exception_ptr error;
    std::atomic<State> state{State::queued};
  };

  WorkerPool& pool_;
  std::size_t in_flight_max_;
  std::deque<std::shared_ptr<Slot>> slots_;
};

}  // namespace strata
