#include "registry/registries_conf.hpp"

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

namespace strata::registry {

namespace {

[[noreturn]] void refuse(std::string_view what, std::size_t line, std::string_view found) {
  fail(ErrorKind::usage, what, ":", line, ": ", quoted(found),
       " is not understood; expected a heading in brackets, or a key with a text in quotes, true, "
       "false or a list");
}

/// The line without what follows a "#" outside of quotes.
std::string_view without_comment(std::string_view line) {
  char quote = '\0';
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote == '"' && c == '\\') {
      ++i;
    } else if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '#') {
      return line.substr(0, i);
    }
  }
  return line;
}

/// A text in either kind of quotes. Escapes are not needed for names of hosts, so there are none.
bool read_text(std::string_view text, std::string& out) {
  const bool is_quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
                         text.back() == text.front();
  if (!is_quoted) return false;
  const std::string_view inner = text.substr(1, text.size() - 2);
  if (inner.find(text.front()) != inner.npos || inner.find('\\') != inner.npos) return false;
  out = inner;
  return true;
}

std::string read_key(std::string_view text) {
  std::string key(trim(text));
  std::string unquoted;
  return read_text(key, unquoted) ? unquoted : key;
}

bool read_value(std::string_view text, ConfLine& line) {
  std::string out;
  if (read_text(text, out))
    line.value = out;
  else if (text == "true" || text == "false")
    line.value = text == "true";
  else if (text.starts_with('[') && text.ends_with(']'))
    line.value = std::monostate();
  else
    return false;
  return true;
}

}  // namespace

std::vector<ConfLine> read_conf_lines(std::string_view text, std::string_view what) {
  std::vector<ConfLine> lines;
  const std::vector<std::string> raw = split(text, '\n');
  for (std::size_t i = 0; i < raw.size(); ++i) {
    ConfLine line;
    line.number = i + 1;
    std::string content(trim(without_comment(raw[i])));
    if (content.empty()) continue;
    const auto equals = content.find('=');
    if (content.starts_with('[') && content.ends_with(']')) {
      line.heading = content;
    } else if (equals != std::string::npos) {
      line.key = read_key(std::string_view(content).substr(0, equals));
      std::string value(trim(std::string_view(content).substr(equals + 1)));
      while (value.starts_with('[') && !value.ends_with(']') && i + 1 < raw.size())
        value += trim(without_comment(raw[++i]));
      if (!read_value(value, line)) refuse(what, line.number, content);
    } else {
      refuse(what, line.number, content);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace strata::registry
