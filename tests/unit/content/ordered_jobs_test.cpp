#include "content/ordered_jobs.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "strata/base/error.hpp"

using namespace strata;

namespace {

struct Job {
  explicit Job(int put, std::atomic<int>& counter) : number(put), runs(counter) {}
  void run() {
    std::this_thread::sleep_for(std::chrono::microseconds(number % 7 * 100));
    ++runs;
    if (number == 13) fail(ErrorKind::system, "thirteen");
  }
  int number;
  std::atomic<int>& runs;
};

}  // namespace

TEST_CASE("jobs come back in their order and run once each") {
  std::atomic<int> runs = 0;
  for (const unsigned threads : {1u, 2u, 8u}) {
    WorkerPool pool(threads);
    OrderedJobs<Job> jobs(pool, 5);
    int next = 20;
    const auto take = [&] { CHECK(jobs.take()->number == next++); };
    for (int i = 20; i < 60; ++i) {
      if (jobs.is_full()) take();
      jobs.put(std::make_unique<Job>(i, runs));
    }
    while (!jobs.empty()) take();
    CHECK(next == 60);
  }
  CHECK(runs == 3 * 40);
}

TEST_CASE("what a job throws comes at its turn and the others still come") {
  std::atomic<int> runs = 0;
  WorkerPool pool(2);
  OrderedJobs<Job> jobs(pool, 5);
  for (const int number : {12, 13, 14}) jobs.put(std::make_unique<Job>(number, runs));
  CHECK(jobs.take()->number == 12);
  CHECK_THROWS_AS(jobs.take(), Error);
  CHECK(jobs.take()->number == 14);
}

TEST_CASE("jobs are done although every thread of the pool is busy") {
  std::atomic<int> runs = 0;
  WorkerPool pool(1);
  auto whole = pool.submit([&] {
    OrderedJobs<Job> jobs(pool, 3);
    for (int i = 0; i < 3; ++i) jobs.put(std::make_unique<Job>(i, runs));
    for (int i = 0; i < 3; ++i) jobs.take();
  });
  whole.get();
  CHECK(runs == 3);
}

TEST_CASE("nothing runs any more when the jobs are gone") {
  WorkerPool pool(2);
  for (int round = 0; round < 50; ++round) {
    auto runs = std::make_unique<std::atomic<int>>(0);
    {
      OrderedJobs<Job> jobs(pool, 20);
      for (int i = 20; i < 40; ++i) jobs.put(std::make_unique<Job>(i, *runs));
    }
    runs.reset();
  }
}
