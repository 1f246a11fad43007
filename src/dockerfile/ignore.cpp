#include "strata/dockerfile/ignore.hpp"

#include <optional>

#include "dockerfile/line_reader.hpp"
#include "dockerfile/path_matcher.hpp"
#include "dockerfile/unicode.hpp"
#include "strata/base/error.hpp"
#include "strata/base/path.hpp"
#include "strata/base/pattern.hpp"

namespace strata::dockerfile {
namespace {

/// A line as a rule; nothing for a blank one. Throws Error dockerfile without a place.
std::optional<IgnoreRule> read_rule(std::string_view line, int number) {
  std::string_view text = trim_space(line);
  if (text.empty()) return std::nullopt;
  IgnoreRule rule{std::string(text), number, text[0] == '!', {}};
  if (rule.negated) text = trim_space(text.substr(1));
  rule.pattern = clean_path(text);
  if (text.empty() || (rule.negated && rule.pattern == "/")) {
    fail(ErrorKind::dockerfile, "illegal exclusion pattern: ", quoted(rule.text),
         "; a pattern must follow");
  }
  if (rule.pattern.size() > 1 && rule.pattern[0] == '/') rule.pattern.erase(0, 1);
  // Cleaning may have bared blanks at an end: "a /" is "a".
  const std::string bared(trim_space(rule.pattern));
  if (bared.empty()) return std::nullopt;
  rule.pattern = clean_path(bared);
  if (!is_pattern(rule.pattern)) {
    fail(ErrorKind::dockerfile, "malformed pattern ", quoted(rule.text),
         ": expected every [ to be closed and no \\ at the end");
  }
  return rule;
}

}  // namespace

IgnoreRules IgnoreRules::parse(std::string_view text, std::string_view name) {
  IgnoreRules rules;
  LineReader reader(text);
  try {
    while (const auto line = reader.next()) {
      if (line->starts_with('#')) continue;
      if (auto rule = read_rule(*line, reader.number())) rules.add(std::move(*rule));
    }
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::dockerfile) throw;
    fail(ErrorKind::dockerfile, name, ":", reader.number(), ": ", error.message());
  }
  return rules;
}

IgnoreRules IgnoreRules::from_patterns(const std::vector<std::string>& patterns) {
  IgnoreRules rules;
  int number = 0;
  for (const std::string& pattern : patterns) {
    if (auto rule = read_rule(pattern, ++number)) rules.add(std::move(*rule));
  }
  return rules;
}

void IgnoreRules::add(IgnoreRule rule) {
  matchers_.push_back(std::make_shared<const PathMatcher>(rule.pattern));
  rules_.push_back(std::move(rule));
}

/// Takes what holds in the directory of `path` and leaves what holds in `path`.
const IgnoreRule* IgnoreRules::judge(Inside& inside, std::string_view path) const {
  const IgnoreRule* decided = nullptr;
  bool excluded = false;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const IgnoreRule& rule = rules_[i];
    if (!inside.matched_[i] && rule.negated == excluded) {
      inside.matched_[i] = matchers_[i]->matches(path);
    }
    if (!inside.matched_[i]) continue;
    excluded = !rule.negated;
    decided = &rule;
  }
  return decided;
}

IgnoreRules::Inside IgnoreRules::enter(std::string_view directory) const {
  Inside inside;
  inside.matched_.resize(rules_.size());
  if (rules_.empty() || directory.empty() || directory == ".") return inside;
  for (std::size_t end = 0; end != directory.npos;) {
    end = directory.find('/', end + 1);
    judge(inside, directory.substr(0, end));
  }
  return inside;
}

bool IgnoreRules::excludes(const Inside& parent, std::string_view path) const {
  Inside inside = parent;
  const IgnoreRule* rule = judge(inside, path);
  return rule != nullptr && !rule->negated;
}

bool IgnoreRules::excludes(std::string_view path) const {
  const IgnoreRule* rule = matching_rule(path);
  return rule != nullptr && !rule->negated;
}

const IgnoreRule* IgnoreRules::matching_rule(std::string_view path) const {
  if (path.empty() || path == ".") return nullptr;
  Inside inside = enter(parent_path(path));
  return judge(inside, path);
}

bool IgnoreRules::may_include_below(std::string_view directory) const {
  if (directory.empty() || directory == ".") return true;
  const Inside inside = enter(directory);
  // Rules that come before the one that excludes the directory cannot undo it.
  for (std::size_t i = rules_.size(); i-- > 0;) {
    if (!rules_[i].negated && inside.matched_[i]) return false;
    if (rules_[i].negated && (inside.matched_[i] || matchers_[i]->may_match_below(directory))) {
      return true;
    }
  }
  return true;
}

}  // namespace strata::dockerfile
