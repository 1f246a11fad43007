#include "strata/dockerfile/heredoc.hpp"

#include <algorithm>
#include <limits>

#include "dockerfile/expansion.hpp"
#include "dockerfile/unicode.hpp"
#include "strata/base/error.hpp"

namespace strata::dockerfile {
namespace {

/// Splits without expanding anything: nothing is set, and what is unset stays as written.
std::vector<std::string> split_raw(std::string_view text, bool keep_quotes, bool keep_escapes) {
  ExpansionStyle style;
  style.keep_quotes = keep_quotes;
  style.keep_escapes = keep_escapes;
  style.keep_unset = true;
  // Only what was read from a file comes here, and nothing makes it longer.
  style.size_max = std::numeric_limits<std::size_t>::max();
  return expand(text, '\\', style, nullptr).words;
}

std::size_t count_quotes(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return c == '\'' || c == '"'; }));
}

int to_fd(std::string_view digits) {
  const auto number = parse_decimal(digits);
  constexpr std::uint64_t fd_max = std::numeric_limits<int>::max();
  return digits.empty() ? 0 : static_cast<int>(std::min(number.value_or(fd_max), fd_max));
}

/// Fills in the name behind `<<`; false if there is no name, or more than a word.
bool read_name(std::string_view written, Heredoc& into) {
  const auto words = split_raw(written, false, false);
  if (words.size() != 1) return false;
  const auto quoted_words = split_raw(written, true, false);
  into.name = words[0];
  into.expand = quoted_words.size() == 1 && count_quotes(quoted_words[0]) == count_quotes(words[0]);
  return true;
}

}  // namespace

std::optional<Heredoc> find_heredoc_word(std::string_view word) {
  Heredoc heredoc;
  const std::size_t digits = std::min(word.find_first_not_of("0123456789"), word.size());
  heredoc.fd = to_fd(word.substr(0, digits));
  word.remove_prefix(digits);
  if (!word.starts_with("<<")) return std::nullopt;
  word.remove_prefix(2);
  heredoc.chomp = word.starts_with('-');
  if (heredoc.chomp) word.remove_prefix(1);
  word.remove_prefix(std::min(word.find_first_not_of(" \t\n\f\r"), word.size()));
  if (word.empty() || word.find('<') != std::string_view::npos) return std::nullopt;
  try {
    if (!read_name(word, heredoc)) return std::nullopt;
  } catch (const Error&) {
    return std::nullopt;  // quotes that are not closed: an ordinary word
  }
  return heredoc;
}

std::vector<Heredoc> find_heredocs(std::string_view line) {
  std::vector<Heredoc> heredocs;
  if (line.find("<<") == std::string_view::npos) return heredocs;
  try {
    for (const std::string& word : split_raw(line, true, true)) {
      if (auto heredoc = find_heredoc_word(word)) heredocs.push_back(std::move(*heredoc));
    }
  } catch (const Error&) {
    // Text for a shell that is not made of words here, "it's" for one, announces nothing.
  }
  return heredocs;
}

std::string document_text(const Heredoc& heredoc) {
  if (!heredoc.chomp) return heredoc.content;
  std::string text;
  bool at_line_start = true;
  for (const char c : heredoc.content) {
    if (at_line_start && c == '\t') continue;
    text += c;
    at_line_start = c == '\n';
  }
  return text;
}

std::string with_documents(std::string_view line, const std::vector<Heredoc>& heredocs) {
  std::string text(line);
  for (const Heredoc& heredoc : heredocs) text += cat("\n", heredoc.content, heredoc.name);
  return text;
}

}  // namespace strata::dockerfile
