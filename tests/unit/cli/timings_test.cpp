#include "cli/timings.hpp"

#include <doctest/doctest.h>

#include "strata/base/json.hpp"
#include "strata/base/text.hpp"

namespace strata::cli {

namespace {

using std::chrono::milliseconds;

Span span_of(const char* name, const std::string& step, int start, int end) {
  const Span::Clock::time_point zero{};
  return {name, step, 0, zero + milliseconds(start), zero + milliseconds(end), {}};
}

std::vector<Span> sample() {
  Span compress_one = span_of("compress", "[2/3] RUN b", 40, 50);
  Span compress_two = span_of("compress", "[2/3] RUN b", 40, 52);
  compress_one.thread = 1;
  compress_one.numbers = {{"bytes", 1000}};
  Span write = span_of("write", "[2/3] RUN b", 30, 60);
  write.numbers = {{"files", 3}, {"bytes", 2'000'000}};
  Span run = span_of("run", "[2/3] RUN b", 5, 30);
  run.numbers = {{"memory", 7'000'000}};
  return {run,
          compress_one,
          compress_two,
          write,
          span_of("look-up", "[1/3] FROM é", 0, 1),
          span_of("deliver", "", 60, 61)};
}

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  for (const std::string& word : split(line, ' '))
    if (!word.empty()) words.push_back(word);
  return words;
}

}  // namespace

TEST_CASE("the table has the steps in the order of their beginning and adds what threads did") {
  const auto lines = split(timings_table(sample()), '\n');
  REQUIRE(lines.size() == 5);  // the last one is empty
  CHECK(words_of(lines[1]) == std::vector<std::string>{"[1/3]", "FROM", "é", "1.0"});
  CHECK(words_of(lines[2]) ==
        std::vector<std::string>{"[2/3]", "RUN", "b", "25.0", "30.0", "22.0", "3", "2MB", "7MB"});
  CHECK(words_of(lines[3]).front() == "all");
  CHECK(words_of(lines[3]).back() == "7MB");
}

TEST_CASE("a trace is in Chrome's format and begins at zero") {
  const json::value document = parse_json(trace_json(sample()), "trace");
  const json::array& events = document.at("traceEvents").as_array();
  REQUIRE(events.size() == 6);
  CHECK(events[0].at("ts") == 5000);
  CHECK(events[0].at("dur") == 25000);
  CHECK(events[0].at("args").at("step") == "[2/3] RUN b");
  CHECK(events[1].at("tid") == 1);
  CHECK(events[4].at("ts") == 0);
  CHECK_FALSE(events[5].at("args").as_object().contains("step"));
  CHECK(parse_json(trace_json({}), "trace").at("traceEvents").as_array().empty());
}

}  // namespace strata::cli
