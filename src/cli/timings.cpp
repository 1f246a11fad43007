#include "timings.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "strata/base/json.hpp"
#include "strata/base/text.hpp"
#include "strata/base/utf8.hpp"

namespace strata::cli {

namespace {

/// Columns of the table: kinds of spans whose durations are added, and numbers that they carry.
constexpr std::array columns{"wait", "look-up", "unpack",   "run",   "diff",  "write",
                             "hash", "reuse",   "compress", "store", "commit"};
struct Number {
  const char* span;
  const char* name;
};
constexpr std::array numbers{Number{"write", "files"}, Number{"write", "bytes"},
                             Number{"run", "memory"}};
constexpr std::size_t step_width = 44;
constexpr std::size_t column_width = 9;

struct Row {
  std::string step;
  Span::Clock::time_point start;
  std::map<std::string, Span::Clock::duration> took;
  std::map<std::string, std::uint64_t> counted;
};

void count(Row& row, const Span& span) {
  row.took[span.name] += span.end - span.start;
  for (const auto& [name, number] : span.numbers)
    if (span.name != std::string_view("compress")) row.counted[name] += number;
}

std::vector<Row> rows_of(std::span<const Span> spans) {
  std::vector<Row> rows;
  std::map<std::string, std::size_t> places;
  for (const Span& span : spans) {
    if (span.step.empty()) continue;
    const auto [place, is_new] = places.try_emplace(span.step, rows.size());
    if (is_new) rows.push_back({span.step, span.start, {}, {}});
    Row& row = rows[place->second];
    row.start = std::min(row.start, span.start);
    count(row, span);
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return a.start < b.start; });
  return rows;
}

std::string padded(const std::string& text, std::size_t width) {
  return text.size() >= width ? text : cat(std::string(width - text.size(), ' '), text);
}

std::string milliseconds(Span::Clock::duration took) {
  const auto tenths = std::chrono::duration_cast<std::chrono::microseconds>(took).count() / 100;
  return tenths == 0 ? "" : cat(tenths / 10, '.', tenths % 10);
}

/// Cut to the column's width, but not within a character.
std::string step_text(const std::string& step) {
  std::string text = valid_utf8(step.substr(0, step.find('\n')));
  if (text.size() > step_width) {
    std::size_t end = step_width - 3;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) --end;
    text = cat(text.substr(0, end), "...");
  }
  return cat(text, std::string(step_width - std::min(step_width, text.size()), ' '));
}

std::string number_text(const Row& row, const Number& number) {
  const auto found = row.counted.find(number.name);
  if (found == row.counted.end() || found->second == 0) return "";
  return std::string_view(number.name) == "files" ? cat(found->second) : human_size(found->second);
}

std::string line_of(const Row& row) {
  std::string line = step_text(row.step);
  for (const char* column : columns) {
    const auto took = row.took.find(column);
    line += padded(took == row.took.end() ? "" : milliseconds(took->second), column_width);
  }
  for (const Number& number : numbers) line += padded(number_text(row, number), column_width);
  return line + '\n';
}

/// Everything in one row; of memory the most.
Row total_of(std::span<const Span> spans) {
  Row total{"all", {}, {}, {}};
  std::uint64_t memory = 0;
  for (const Span& span : spans) {
    count(total, span);
    for (const auto& [name, number] : span.numbers)
      if (std::string_view(name) == "memory") memory = std::max(memory, number);
  }
  if (memory > 0) total.counted["memory"] = memory;
  return total;
}

std::int64_t microseconds(Span::Clock::duration took) {
  return std::chrono::duration_cast<std::chrono::microseconds>(took).count();
}

json::object event_of(const Span& span, Span::Clock::time_point zero) {
  json::object event;
  event["name"] = span.name;
  event["cat"] = "strata";
  event["ph"] = "X";
  event["ts"] = microseconds(span.start - zero);
  event["dur"] = microseconds(span.end - span.start);
  event["pid"] = 1;
  event["tid"] = span.thread;
  json::object& arguments = event["args"].emplace_object();
  if (!span.step.empty()) arguments["step"] = valid_utf8(span.step);
  for (const auto& [name, number] : span.numbers) arguments[name] = number;
  return event;
}

}  // namespace

std::string timings_table(std::span<const Span> spans) {
  std::string table = cat("ms", std::string(step_width - 2, ' '));
  for (const char* column : columns) table += padded(column, column_width);
  for (const Number& number : numbers) table += padded(number.name, column_width);
  table += '\n';
  for (const Row& row : rows_of(spans)) table += line_of(row);
  return table + line_of(total_of(spans));
}

std::string trace_json(std::span<const Span> spans) {
  json::object document;
  json::array& events = document["traceEvents"].emplace_array();
  const auto first = std::min_element(
      spans.begin(), spans.end(),
      [](const Span& left, const Span& right) { return left.start < right.start; });
  for (const Span& span : spans) events.push_back(event_of(span, first->start));
  document["displayTimeUnit"] = "ms";
  return to_text(document) + '\n';
}

}  // namespace strata::cli
