#include "print.hpp"

#include <algorithm>
#include <cstdio>

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

namespace strata::cli {

namespace {

/// Characters, not bytes: continuation bytes of UTF-8 take no column.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

}  // namespace

void print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
    fail_errno("standard output");
}

void print_line(std::string_view text) { print(cat(text, '\n')); }

void flush_output() {
  if (std::fflush(stdout) != 0) fail_errno("standard output");
}

void print_error(std::string_view text) {
  std::fflush(stdout);
  const std::string line = cat("strata: ", text, '\n');
  std::fwrite(line.data(), 1, line.size(), stderr);
}

void print_note(std::string_view text) {
  const std::string line = cat(text, '\n');
  std::fwrite(line.data(), 1, line.size(), stderr);
}

std::string Table::text() const {
  std::vector<std::size_t> widths(rows_.front().size());
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  std::string out;
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += row[i];
      if (i + 1 < row.size()) out.append(widths[i] - width_of(row[i]) + 3, ' ');
    }
    out += '\n';
  }
  return out;
}

Format parse_format(const std::string& text) {
  if (text == "table") return Format::table;
  if (text == "json") return Format::json;
  fail(ErrorKind::usage, "--format: expected table or json, found ", quoted(text));
}

std::string one_line(std::string_view text, std::size_t width) {
  std::string line;
  std::size_t columns = 0;
  for (const char c : text) {
    const bool starts_character = (c & 0xc0) != 0x80;
    if (starts_character && ++columns > width) {
      while (!line.empty() && (line.back() & 0xc0) == 0x80) line.pop_back();
      if (!line.empty()) line.pop_back();
      return line + "…";
    }
    line += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  }
  return line;
}

}  // namespace strata::cli
