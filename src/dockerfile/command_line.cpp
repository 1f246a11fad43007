#include "dockerfile/command_line.hpp"

#include <string>

#include "dockerfile/unicode.hpp"

namespace strata::dockerfile {
namespace {

constexpr std::string_view blanks = "\t\v\f\r ";

/// Takes one word off the text. Quotes group and go away, the escape character takes the next one
/// as it is, within both kinds of quotes too.
std::string take_word(std::string_view& text, char escape) {
  std::string word;
  char quote = 0;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    char c = text[i];
    if (quote == 0 && (blanks.find(c) != std::string_view::npos || c == '\n')) break;
    if (quote != 0 && c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == escape) {
      if (i + 1 < text.size()) word += text[++i];
    } else {
      word += c;
    }
  }
  text.remove_prefix(i);
  return word;
}

Flag to_flag(std::string_view word) {
  word.remove_prefix(2);
  const std::size_t equals = word.find('=');
  Flag flag{std::string(word.substr(0, equals)), std::nullopt};
  if (equals != std::string_view::npos) flag.value = std::string(word.substr(equals + 1));
  return flag;
}

}  // namespace

CommandLine split_command_line(std::string_view line, char escape) {
  const HeadAndRest parts = split_head(trim_space(line));
  CommandLine command{parts.head, {}, trim_left(parts.rest)};
  while (command.rest.starts_with("--")) {
    const std::string word = take_word(command.rest, escape);
    command.rest = trim_left(command.rest);
    if (word == "--") break;
    command.flags.push_back(to_flag(word));
  }
  return command;
}

HeadAndRest split_head(std::string_view text) {
  const std::size_t end = text.find_first_of(blanks);
  if (end == std::string_view::npos) return {text, {}, false};
  const std::size_t start = text.find_first_not_of(blanks, end);
  return {text.substr(0, end),
          start == std::string_view::npos ? std::string_view() : text.substr(start), true};
}

std::vector<std::string_view> split_at_space(std::string_view text) {
  std::vector<std::string_view> pieces;
  while (!text.empty()) {
    const HeadAndRest parts = split_head(text);
    if (!parts.head.empty()) pieces.push_back(parts.head);
    text = parts.rest;
  }
  return pieces;
}

}  // namespace strata::dockerfile
