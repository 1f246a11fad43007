#pragma once
/// Where time goes: spans of work, noted in any thread by whoever does it. Without a log a span
/// costs one comparison.

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace strata {

struct Span {
  using Clock = std::chrono::steady_clock;

  const char* name;  ///< a kind of work: "look-up", "compress"
  std::string step;  ///< for whom, as people know it; empty for work that is nobody's
  unsigned thread;   ///< from 0, in the order in which threads first noted something
  Clock::time_point start;
  Clock::time_point end;
  /// What was worked on: ("bytes", 4096).
  std::vector<std::pair<const char*, std::uint64_t>> numbers;
};

/// Thread-safe.
class SpanLog {
 public:
  /// The span's thread is filled in.
  void add(Span span);
  /// In the order in which they ended.
  std::vector<Span> take();

 private:
  std::mutex mutex_;
  std::vector<Span> spans_;
  std::unordered_map<std::thread::id, unsigned> threads_;
};

/// Whose spans they are; copied along with the work. Borrows the log.
struct SpanScope {
  SpanLog* log = nullptr;
  std::string step = {};
};

/// A span from here to the end of its life. `scope` must outlive it, as must the name.
class SpanTimer {
 public:
  SpanTimer(const SpanScope& scope, const char* name) : scope_(scope), name_(name) {
    if (scope_.log != nullptr) start_ = Span::Clock::now();
  }
  ~SpanTimer();
  SpanTimer(const SpanTimer&) = delete;
  SpanTimer& operator=(const SpanTimer&) = delete;

  void count(const char* what, std::uint64_t number) {
    if (scope_.log != nullptr) numbers_.emplace_back(what, number);
  }

 private:
  const SpanScope& scope_;
  const char* name_;
  Span::Clock::time_point start_;
  std::vector<std::pair<const char*, std::uint64_t>> numbers_;
};

/// Many short spans of one kind, as one: it counts how long they took together.
class SpanSum {
 public:
  SpanSum(const SpanScope& scope, const char* name) : scope_(scope), name_(name) {}
  ~SpanSum();
  SpanSum(const SpanSum&) = delete;
  SpanSum& operator=(const SpanSum&) = delete;

  template <class Work>
  auto time(const Work& work) {
    if (scope_.log == nullptr) return work();
    const Part part(*this);
    return work();
  }

 private:
  struct Part {
    explicit Part(SpanSum& whole) : sum(whole) {}
    ~Part() { sum.took_ += Span::Clock::now() - start; }
    SpanSum& sum;
    Span::Clock::time_point start = Span::Clock::now();
  };

  const SpanScope& scope_;
  const char* name_;
  Span::Clock::duration took_{};
};

}  // namespace strata
