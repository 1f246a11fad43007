#include "strata/dockerfile/flags.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "strata/base/text.hpp"

namespace strata::dockerfile {
namespace {

constexpr std::array rows = {
    FlagRule{Keyword::add, "checksum", FlagKind::single},
    FlagRule{Keyword::add, "chmod", FlagKind::single},
    FlagRule{Keyword::add, "chown", FlagKind::single},
    FlagRule{Keyword::add, "exclude", FlagKind::repeated},
    FlagRule{Keyword::add, "keep-git-dir", FlagKind::boolean},
    FlagRule{Keyword::add, "link", FlagKind::boolean},
    FlagRule{Keyword::add, "unpack", FlagKind::boolean},
    FlagRule{Keyword::copy, "chmod", FlagKind::single},
    FlagRule{Keyword::copy, "chown", FlagKind::single},
    FlagRule{Keyword::copy, "exclude", FlagKind::repeated},
    FlagRule{Keyword::copy, "from", FlagKind::single},
    FlagRule{Keyword::copy, "link", FlagKind::boolean},
    FlagRule{Keyword::copy, "parents", FlagKind::boolean},
    FlagRule{Keyword::from, "platform", FlagKind::single},
    FlagRule{Keyword::healthcheck, "interval", FlagKind::single},
    FlagRule{Keyword::healthcheck, "retries", FlagKind::single},
    FlagRule{Keyword::healthcheck, "start-interval", FlagKind::single},
    FlagRule{Keyword::healthcheck, "start-period", FlagKind::single},
    FlagRule{Keyword::healthcheck, "timeout", FlagKind::single},
    FlagRule{Keyword::run, "device", FlagKind::repeated},
    FlagRule{Keyword::run, "mount", FlagKind::repeated},
    FlagRule{Keyword::run, "network", FlagKind::single},
    FlagRule{Keyword::run, "security", FlagKind::single},
};

/// More than that in one instruction is not read by anyone.
constexpr std::size_t mistakes_max = 10;

const FlagRule* find_rule(Keyword keyword, std::string_view name) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const FlagRule& rule) {
    return rule.keyword == keyword && rule.name == name;
  });
  return found == rows.end() ? nullptr : &*found;
}

std::vector<std::string> names_of(Keyword keyword) {
  std::vector<std::string> names;
  for (const FlagRule& rule : rows) {
    if (rule.keyword == keyword) names.push_back(cat("--", rule.name));
  }
  return names;
}

Finding unknown_flag(const Instruction& instruction, const Flag& flag) {
  const std::string written = "--" + flag.name;
  const auto known = names_of(*instruction.keyword);
  std::string way_out = did_you_mean(written, known);
  if (way_out.empty()) {
    way_out = known.empty() ? cat(keyword_name(*instruction.keyword), " takes no flags")
                            : cat(keyword_name(*instruction.keyword), " takes ", join(known, ", "));
  }
  return {instruction.lines, cat("unknown flag: ", written), std::move(way_out)};
}

/// What is wrong with the value of a known flag; empty if nothing is.
std::string value_mistake(const FlagRule& rule, const Flag& flag) {
  if (rule.kind != FlagKind::boolean) {
    return flag.value ? "" : cat("missing a value on flag: --", flag.name);
  }
  if (!flag.value) return "";
  if (flag.value->empty()) return cat("missing a value on flag: --", flag.name);
  const std::string value = to_lower(*flag.value);
  if (value == "true" || value == "false") return "";
  return cat("expecting boolean value for flag --", flag.name, ", not: ", quoted(*flag.value));
}

/// What is wrong with a flag behind those that were given before it; empty if nothing is.
std::optional<Finding> flag_mistake(const Instruction& instruction, const Flag& flag,
                                    bool given_before) {
  const FlagRule* rule = find_rule(*instruction.keyword, flag.name);
  if (rule == nullptr) {
    if (given_before) return std::nullopt;  // said where it was given first
    return unknown_flag(instruction, flag);
  }
  if (given_before && rule->kind != FlagKind::repeated) {
    return Finding{instruction.lines, cat("duplicate flag specified: --", flag.name),
                   "give it once"};
  }
  auto mistake = value_mistake(*rule, flag);
  if (mistake.empty()) return std::nullopt;
  return Finding{instruction.lines, std::move(mistake), {}};
}

const Flag* find(const Instruction& instruction, std::string_view name) {
  const auto found = std::find_if(instruction.flags.begin(), instruction.flags.end(),
                                  [&](const Flag& flag) { return flag.name == name; });
  return found == instruction.flags.end() ? nullptr : &*found;
}

}  // namespace

std::span<const FlagRule> flag_rules() { return rows; }

std::vector<Finding> check_flags(const Instruction& instruction) {
  std::vector<Finding> findings;
  if (!instruction.keyword) return findings;
  std::set<std::string_view> given;
  for (const Flag& flag : instruction.flags) {
    const bool given_before = !given.insert(flag.name).second;
    if (auto mistake = flag_mistake(instruction, flag, given_before)) {
      findings.push_back(std::move(*mistake));
    }
    if (findings.size() == mistakes_max) break;
  }
  return findings;
}

bool has_flag(const Instruction& instruction, std::string_view name) {
  return find(instruction, name) != nullptr;
}

std::optional<bool> find_boolean_flag(const Instruction& instruction, std::string_view name) {
  const Flag* flag = find(instruction, name);
  if (flag == nullptr) return std::nullopt;
  return !flag->value || to_lower(*flag->value) == "true";
}

std::optional<std::string> find_flag(const Instruction& instruction, std::string_view name) {
  const Flag* flag = find(instruction, name);
  return flag == nullptr ? std::nullopt : flag->value;
}

std::vector<std::string> flag_values(const Instruction& instruction, std::string_view name) {
  std::vector<std::string> values;
  for (const Flag& flag : instruction.flags) {
    if (flag.name == name) values.push_back(flag.value.value_or(""));
  }
  return values;
}

}  // namespace strata::dockerfile
