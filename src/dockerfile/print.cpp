#include "strata/dockerfile/print.hpp"

#include "dockerfile/continuation.hpp"
#include "dockerfile/unicode.hpp"
#include "strata/base/json.hpp"
#include "strata/base/text.hpp"

namespace strata::dockerfile {
namespace {

/// JSON is UTF-8: a byte that is not becomes U+FFFD.
json::string utf8(std::string_view text) {
  std::u32string runes = to_runes(text);
  for (char32_t& rune : runes) {
    if (rune >= 0xDC00 && rune <= 0xDCFF) rune = 0xFFFD;
  }
  return json::string(to_utf8(runes));
}

template <class Items, class ToJson>
json::array array_of(const Items& items, ToJson to_json_value) {
  json::array array;
  for (const auto& item : items) array.push_back(to_json_value(item));
  return array;
}

json::array array_of(const std::vector<std::string>& texts) {
  return array_of(texts, [](const std::string& text) { return json::value(utf8(text)); });
}

json::value flag_json(const Flag& flag) { return utf8(flag_text(flag)); }

json::value pair_json(const Pair& pair) {
  return json::object{{"key", utf8(pair.key)},
                      {"value", utf8(pair.value.value_or(""))},
                      {"sep", pair.legacy ? "" : "="}};
}

json::value heredoc_json(const Heredoc& heredoc) {
  return json::object{{"name", utf8(heredoc.name)},
                      {"fd", heredoc.fd},
                      {"expand", heredoc.expand},
                      {"chomp", heredoc.chomp},
                      {"content", utf8(heredoc.content)}};
}

json::value directive_json(const Directive& directive) {
  return json::object{
      {"name", utf8(directive.name)}, {"value", utf8(directive.value)}, {"line", directive.line}};
}

json::value warning_json(const Warning& warning) {
  return json::object{{"code", rule_text(warning.rule).name}, {"line", warning.lines.first_line}};
}

json::value instruction_json(const Instruction& instruction) {
  json::object object;
  object["keyword"] = utf8(to_upper(instruction.keyword_text));
  object["original"] = utf8(instruction.original);
  object["start_line"] = instruction.lines.first_line;
  object["end_line"] = instruction.lines.last_line;
  object["flags"] = array_of(instruction.flags, flag_json);
  object["form"] = utf8(form_name(instruction.form));
  object["args"] = array_of(instruction.args);
  const bool has_pairs = instruction.form == Form::pairs;
  object["pairs"] = has_pairs ? array_of(instruction.pairs, pair_json) : json::array();
  if (instruction.sub) object["sub"] = instruction_json(*instruction.sub);
  object["heredocs"] = array_of(instruction.heredocs, heredoc_json);
  object["comments"] = array_of(instruction.comments);
  return object;
}

/// The logical line so that lexing gives it back: where it was made from lines that only
/// continuations could join, they are written again.
std::string logical_line_text(const std::string& line, char escape) {
  std::string text = line;
  LineReader nothing({});
  const bool odd_end = text.ends_with('\r') || trim_space(text).empty() ||
                       join_continuations(text, nothing, escape).text != text;
  if (odd_end) text += escape;
  if (leading_space(line) > 0) text = cat(escape, "\n", text);
  return text + "\n";
}

}  // namespace

std::string to_json(const File& file) {
  json::object object;
  object["version"] = 1;
  object["escape"] = std::string(1, file.escape);
  object["directives"] = array_of(file.directives, directive_json);
  object["instructions"] = array_of(file.instructions, instruction_json);
  object["warnings"] = array_of(file.warnings, warning_json);
  return strata::to_text(json::value(std::move(object)));
}

std::string to_json(const SourceError& error) {
  const Finding& first = error.findings().front();
  const std::string way_out = first.suggestion.empty() ? "" : cat(" (", first.suggestion, ")");
  json::object finding{{"message", utf8(first.message + way_out)},
                       {"line", first.lines.first_line}};
  return strata::to_text(json::value(json::object{{"error", std::move(finding)}}));
}

std::string to_text(const File& file) {
  std::string text;
  for (const Directive& directive : file.directives) {
    text += cat("# ", directive.name, "=", directive.value, "\n");
  }
  text += '\n';  // ends the directives, whatever the first comment says
  for (const Instruction& instruction : file.instructions) {
    for (const std::string& comment : instruction.comments) text += cat("# ", comment, "\n");
    text += logical_line_text(instruction.original, file.escape);
    for (const Heredoc& heredoc : instruction.heredocs) {
      text += cat(heredoc.content, heredoc.name, "\n");
    }
  }
  return text;
}

}  // namespace strata::dockerfile
