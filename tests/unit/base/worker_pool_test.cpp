#include "strata/base/worker_pool.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <numeric>
#include <stdexcept>

#include "strata/base/mailbox.hpp"

using namespace strata;

TEST_CASE("submitted work gives its result or its exception") {
  WorkerPool pool(3);
  CHECK(pool.size() == 3);
  std::vector<std::future<int>> results;
  for (int i = 0; i < 100; ++i) results.push_back(pool.submit([i] { return i * i; }));
  for (int i = 0; i < 100; ++i) CHECK(results[static_cast<std::size_t>(i)].get() == i * i);
  auto failure = pool.submit([]() -> int { throw std::runtime_error("no"); });
  CHECK_THROWS_WITH(failure.get(), "no");
  CHECK(WorkerPool(0).size() == 1);
}

TEST_CASE("tasks begin in the order given") {
  std::vector<int> order;
  {
    WorkerPool pool(1);
    for (int i = 0; i < 100; ++i) pool.submit([&order, i] { order.push_back(i); });
  }
  std::vector<int> expected(100);
  std::iota(expected.begin(), expected.end(), 0);
  CHECK(order == expected);
}

TEST_CASE("destruction finishes what was submitted") {
  std::atomic<int> done = 0;
  {
    WorkerPool pool(2);
    for (int i = 0; i < 1000; ++i) pool.submit([&] { ++done; });
  }
  CHECK(done == 1000);
}

TEST_CASE("every index is visited exactly once for any number of threads") {
  for (const unsigned threads : {1U, 2U, 8U}) {
    WorkerPool pool(threads);
    for (const std::size_t count : {0U, 1U, 2U, 7U, 5000U}) {
      std::vector<int> visits(count);
      pool.for_each_index(count, [&](std::size_t i) { ++visits[i]; });
      CHECK(visits == std::vector<int>(count, 1));
    }
  }
}

TEST_CASE("the first exception is thrown on and later indices are skipped") {
  WorkerPool pool(4);
  std::atomic<std::size_t> begun = 0;
  const auto body = [&](std::size_t i) {
    ++begun;
    if (i == 10) throw std::runtime_error("at ten");
  };
  CHECK_THROWS_WITH(pool.for_each_index(1'000'000, body), "at ten");
  CHECK(begun < 1'000'000);
  std::atomic<int> after = 0;
  pool.for_each_index(10, [&](std::size_t) { ++after; });
  CHECK(after == 10);
}

TEST_CASE("for_each_index works from inside the pool and nested") {
  WorkerPool pool(2);
  std::atomic<int> visits = 0;
  const auto inner = [&](std::size_t) { ++visits; };
  const auto outer = [&](std::size_t) { pool.for_each_index(20, inner); };
  std::vector<std::future<void>> results;
  for (int i = 0; i < 8; ++i) {
    results.push_back(pool.submit([&] { pool.for_each_index(10, outer); }));
  }
  for (auto& result : results) result.get();
  CHECK(visits == 8 * 10 * 20);
}

TEST_CASE("for_each_index ends while the pool is busy with something else") {
  WorkerPool pool(1);
  std::promise<void> gate;
  auto busy = pool.submit([opened = gate.get_future().share()] { opened.wait(); });
  int visits = 0;
  pool.for_each_index(100, [&](std::size_t) { ++visits; });
  CHECK(visits == 100);
  gate.set_value();
  busy.get();
}

TEST_CASE("a mailbox keeps the order of each writer") {
  struct Letter {
    int writer;
    int number;
  };
  Mailbox<Letter> mailbox;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 3; ++writer) {
    writers.emplace_back([&mailbox, writer] {
      for (int number = 0; number < 200; ++number)
        mailbox.post({writer, number}, number % 7 == 0 ? Urgency::now : Urgency::soon);
    });
  }
  std::vector<int> next(3);
  for (std::size_t count = 0; count < 600;) {
    for (const Letter& letter : mailbox.take()) {
      CHECK(letter.number == next[static_cast<std::size_t>(letter.writer)]++);
      ++count;
    }
  }
  for (auto& writer : writers) writer.join();
}
