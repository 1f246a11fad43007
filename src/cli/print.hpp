#pragma once
/// What commands print: results to standard output, remarks to standard error, tables with columns.

#include <string>
#include <string_view>
#include <vector>

namespace strata::cli {

/// Results. Buffered; `flush_output` reports what could not be written.
void print(std::string_view text);
void print_line(std::string_view text);
/// Throws Error system if standard output did not take everything.
void flush_output();

/// "strata: …" on standard error.
void print_error(std::string_view text);
/// A remark on standard error.
void print_note(std::string_view text);

/// Rows under upper-case headings, columns three blanks apart, as Docker's.
class Table {
 public:
  explicit Table(std::vector<std::string> headings) { rows_.push_back(std::move(headings)); }
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

/// How a listing is to be shown: the value of --format.
enum class Format { table, json };
/// Throws Error usage.
Format parse_format(const std::string& text);

/// Text on one line, control characters as blanks, cut to `width` characters with "…" at the end.
std::string one_line(std::string_view text, std::size_t width);

}  // namespace strata::cli
