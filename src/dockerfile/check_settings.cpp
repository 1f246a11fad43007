// The grammar is BuildKit's with its edges: at most two semicolons part the options, names of rules
// are not checked, and a directive ends at its first blank.
#include "strata/dockerfile/check_settings.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "dockerfile/directive_zone.hpp"
#include "dockerfile/unicode.hpp"
#include "strata/base/text.hpp"
#include "strata/dockerfile/excerpt.hpp"

namespace strata::dockerfile {
namespace {

constexpr std::size_t option_count = 3;

std::vector<std::string_view> split_options(std::string_view text) {
  std::vector<std::string_view> options;
  while (options.size() + 1 < option_count && text.find(';') != std::string_view::npos) {
    options.push_back(text.substr(0, text.find(';')));
    text.remove_prefix(options.back().size() + 1);
  }
  options.push_back(text);
  return options;
}

constexpr std::size_t bit_of(CheckRule rule) { return static_cast<std::size_t>(rule); }

void read_names(std::string_view value, bool& all, RuleSet& rules) {
  if (value == "all") {
    all = true;
    return;
  }
  for (const std::string& name : split(value, ',')) {
    if (const auto rule = find_rule(trim_space(name))) rules.set(bit_of(*rule));
  }
}

void read_skip(std::string_view value, CheckSettings& settings) {
  read_names(value, settings.skip_all, settings.skipped);
}

void read_experimental(std::string_view value, CheckSettings& settings) {
  read_names(value, settings.experimental_all, settings.experimental);
}

void read_error(std::string_view value, CheckSettings& settings) {
  constexpr std::array<std::string_view, 6> yes = {"1", "t", "T", "true", "TRUE", "True"};
  constexpr std::array<std::string_view, 6> no = {"0", "f", "F", "false", "FALSE", "False"};
  settings.fails_build = std::find(yes.begin(), yes.end(), value) != yes.end();
  if (settings.fails_build || std::find(no.begin(), no.end(), value) != no.end()) return;
  fail(ErrorKind::dockerfile, "check option error=", value, ": expected true or false");
}

struct Option {
  std::string_view name;
  void (*read)(std::string_view value, CheckSettings& settings);
};

constexpr std::array options = {Option{"skip", read_skip}, Option{"error", read_error},
                                Option{"experimental", read_experimental}};

void read_option(std::string_view text, CheckSettings& settings) {
  const std::size_t equals = text.find('=');
  const std::string_view name = trim_space(text.substr(0, equals));
  const auto option = std::find_if(options.begin(), options.end(),
                                   [&](const Option& known) { return known.name == name; });
  if (equals == std::string_view::npos || option == options.end()) {
    fail(ErrorKind::dockerfile, "invalid check option ", quoted(text),
         ": expected skip=RULE,… or skip=all, error=true, experimental=RULE,…, with ; between "
         "them and no blanks");
  }
  option->read(trim_space(text.substr(equals + 1)), settings);
}

CheckSettings settings_of_directive(std::string_view value) {
  return parse_check_settings(value.substr(0, value.find(' ')));
}

std::optional<Directive> find_check_directive(const File& file) {
  try {
    return find_top_directive(file.text, "check", "#");
  } catch (const Error& error) {
    // What was wrong before it, the parser has said or does not mind.
    if (error.kind() != ErrorKind::dockerfile) throw;
    return std::nullopt;
  }
}

/// What a comment says to the checks; nothing if it is an ordinary one.
std::optional<std::string> find_check_comment(const std::vector<std::string>& comments) {
  for (const std::string& comment : comments) {
    auto directive = split_directive(trim_left(comment));
    if (directive && directive->name == "check") return std::move(directive->value);
  }
  return std::nullopt;
}

}  // namespace

bool CheckSettings::reports(CheckRule rule) const {
  if (rule_text(rule).kind == RuleKind::experimental) {
    return experimental_all || experimental.test(bit_of(rule));
  }
  return !skip_all && !skipped.test(bit_of(rule));
}

CheckSettings parse_check_settings(std::string_view text) {
  CheckSettings settings;
  text = trim_space(text);
  if (text.empty()) return settings;
  for (const std::string_view option : split_options(text)) read_option(option, settings);
  return settings;
}

CheckSettings file_check_settings(const File& file) {
  const auto directive = find_check_directive(file);
  if (!directive) return {};
  return at_lines(file, {directive->line, directive->line},
                  [&] { return settings_of_directive(directive->value); });
}

CheckSettings with_comments(const CheckSettings& settings,
                            const std::vector<std::string>& comments) {
  const auto comment = find_check_comment(comments);
  if (!comment) return settings;
  try {
    CheckSettings merged = settings;
    const CheckSettings added = settings_of_directive(*comment);
    merged.skip_all |= added.skip_all;
    merged.skipped |= added.skipped;
    merged.experimental_all |= added.experimental_all;
    merged.experimental |= added.experimental;
    return merged;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::dockerfile) throw;
    return settings;
  }
}

}  // namespace strata::dockerfile
