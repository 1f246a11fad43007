// Rules are a table: each instruction has the checks that it must pass, each check finds at most
// one mistake.
#include "strata/dockerfile/rules.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <initializer_list>

#include "dockerfile/unicode.hpp"
#include "strata/base/text.hpp"
#include "strata/dockerfile/device.hpp"
#include "strata/dockerfile/duration.hpp"
#include "strata/dockerfile/flags.hpp"
#include "strata/dockerfile/heredoc.hpp"
#include "strata/dockerfile/mount.hpp"

namespace strata::dockerfile {
namespace {

struct Mistake {
  std::string message;
  std::string suggestion = {};
};

using Check = std::optional<Mistake> (*)(const Instruction&);

std::string_view name_of(const Instruction& instruction) {
  return keyword_name(*instruction.keyword);
}

std::optional<Mistake> has_one_argument(const Instruction& instruction) {
  if (instruction.args.size() == 1) return std::nullopt;
  return Mistake{cat(name_of(instruction), " requires exactly one argument")};
}

std::optional<Mistake> has_arguments(const Instruction& instruction) {
  if (!instruction.args.empty() || !instruction.pairs.empty()) return std::nullopt;
  return Mistake{cat(name_of(instruction), " requires at least one argument")};
}

std::optional<Mistake> has_trigger(const Instruction& instruction) {
  if (instruction.sub) return std::nullopt;
  return Mistake{"ONBUILD requires at least one argument"};
}

std::optional<Mistake> may_be_triggered(const Instruction& instruction) {
  if (!instruction.sub) return std::nullopt;
  const auto keyword = instruction.sub->keyword;
  if (keyword == Keyword::onbuild) {
    return Mistake{"Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"};
  }
  if (keyword == Keyword::from || keyword == Keyword::maintainer) {
    return Mistake{cat(keyword_name(*keyword), " isn't allowed as an ONBUILD trigger")};
  }
  return std::nullopt;
}

std::optional<Mistake> names_are_not_blank(const Instruction& instruction) {
  const bool blank = std::any_of(instruction.pairs.begin(), instruction.pairs.end(),
                                 [](const Pair& pair) { return pair.key.empty(); });
  if (!blank) return std::nullopt;
  return Mistake{cat(name_of(instruction), " names can not be blank")};
}

std::optional<Mistake> has_destination(const Instruction& instruction) {
  if (instruction.args.size() >= 2) return std::nullopt;
  return Mistake{cat(name_of(instruction), " requires at least two arguments, but ",
                     instruction.args.empty() ? "none" : "only one",
                     " was provided. Destination could not be determined")};
}

std::optional<Mistake> destination_is_a_path(const Instruction& instruction) {
  if (instruction.args.empty() || !find_heredoc_word(instruction.args.back())) return std::nullopt;
  return Mistake{cat(name_of(instruction), " cannot accept a heredoc as a destination")};
}

std::optional<Mistake> is_json(const Instruction& instruction) {
  if (instruction.form == Form::json) return std::nullopt;
  return Mistake{"SHELL requires the arguments to be in JSON form",
                 "write SHELL [\"/bin/sh\", \"-c\"]"};
}

std::optional<Mistake> volumes_are_not_blank(const Instruction& instruction) {
  const bool blank = std::any_of(instruction.args.begin(), instruction.args.end(),
                                 [](const std::string& path) { return trim_space(path).empty(); });
  if (!blank) return std::nullopt;
  return Mistake{"VOLUME specified can not be an empty string"};
}

std::optional<Mistake> has_image(const Instruction& instruction) {
  const auto& words = instruction.args;
  const bool named = words.size() == 3 && to_lower(words[1]) == "as";
  if (words.size() == 1 || named) return std::nullopt;
  return Mistake{"FROM requires either one or three arguments", "write FROM image AS name"};
}

std::optional<Mistake> is_health_check(const Instruction& instruction) {
  if (instruction.args.empty()) return std::nullopt;
  const std::string type = to_upper(instruction.args[0]);
  if (type != "CMD" && type != "NONE") {
    return Mistake{cat("Unknown type ", quoted(type), " in HEALTHCHECK (try CMD)")};
  }
  if (type == "NONE" && instruction.args.size() > 1) {
    return Mistake{"HEALTHCHECK NONE takes no arguments"};
  }
  if (type == "CMD" && instruction.args.size() == 1) {
    return Mistake{"Missing command after HEALTHCHECK CMD"};
  }
  return std::nullopt;
}

std::optional<Mistake> has_valid_times(const Instruction& instruction) {
  constexpr std::int64_t shortest_ns = 1'000'000;
  for (const Flag& flag : instruction.flags) {
    if (flag.name == "retries" || !flag.value || flag.value->empty()) continue;
    const auto duration = parse_duration_ns(*flag.value);
    if (!duration) {
      return Mistake{cat("invalid duration ", quoted(*flag.value), " for --", flag.name),
                     "write it as 30s, 1m30s or 500ms"};
    }
    if (*duration != 0 && *duration < shortest_ns) {
      return Mistake{cat("--", flag.name, " cannot be less than 1ms")};
    }
  }
  return std::nullopt;
}

std::optional<Mistake> has_valid_retries(const Instruction& instruction) {
  const auto text = find_flag(instruction, "retries");
  if (!text || text->empty()) return std::nullopt;
  const auto number = parse_decimal(text->starts_with('+') ? text->substr(1) : *text);
  if (number && *number <= 0x7FFFFFFF) return std::nullopt;
  if (text->starts_with('-') && parse_decimal(text->substr(1))) {
    return Mistake{cat("--retries cannot be negative (", *text, ")")};
  }
  return Mistake{cat("invalid number ", quoted(*text), " for --retries")};
}

/// The first value of a repeated flag that `check` throws an Error dockerfile at.
std::optional<Mistake> has_valid_values(const Instruction& instruction, std::string_view flag,
                                        void (*check)(std::string_view value)) {
  for (const std::string& text : flag_values(instruction, flag)) {
    try {
      check(text);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::dockerfile) throw;
      return Mistake{error.message()};
    }
  }
  return std::nullopt;
}

std::optional<Mistake> has_valid_mounts(const Instruction& instruction) {
  return has_valid_values(instruction, "mount", check_mount);
}

std::optional<Mistake> has_valid_devices(const Instruction& instruction) {
  return has_valid_values(instruction, "device", [](std::string_view text) { parse_device(text); });
}

std::optional<Mistake> is_one_of(const Instruction& instruction, std::string_view flag,
                                 std::initializer_list<std::string> choices) {
  const auto value = find_flag(instruction, flag);
  if (!value || std::find(choices.begin(), choices.end(), *value) != choices.end()) {
    return std::nullopt;
  }
  return Mistake{cat("unsupported ", flag, " mode ", quoted(*value), ": expected one of ",
                     join(choices, ", ")),
                 did_you_mean(*value, choices)};
}

std::optional<Mistake> has_valid_network(const Instruction& instruction) {
  return is_one_of(instruction, "network", {"default", "none", "host"});
}

std::optional<Mistake> has_valid_security(const Instruction& instruction) {
  return is_one_of(instruction, "security", {"sandbox", "insecure"});
}

struct Row {
  Keyword keyword;
  Check check;
};

constexpr std::array rows = {
    Row{Keyword::add, has_destination},         Row{Keyword::add, destination_is_a_path},
    Row{Keyword::arg, has_arguments},           Row{Keyword::arg, names_are_not_blank},
    Row{Keyword::copy, has_destination},        Row{Keyword::copy, destination_is_a_path},
    Row{Keyword::env, has_arguments},           Row{Keyword::env, names_are_not_blank},
    Row{Keyword::expose, has_arguments},        Row{Keyword::from, has_image},
    Row{Keyword::healthcheck, has_arguments},   Row{Keyword::healthcheck, is_health_check},
    Row{Keyword::healthcheck, has_valid_times}, Row{Keyword::healthcheck, has_valid_retries},
    Row{Keyword::label, has_arguments},         Row{Keyword::label, names_are_not_blank},
    Row{Keyword::maintainer, has_one_argument}, Row{Keyword::onbuild, has_trigger},
    Row{Keyword::onbuild, may_be_triggered},    Row{Keyword::run, has_arguments},
    Row{Keyword::run, has_valid_mounts},        Row{Keyword::run, has_valid_devices},
    Row{Keyword::run, has_valid_network},       Row{Keyword::run, has_valid_security},
    Row{Keyword::shell, has_arguments},         Row{Keyword::shell, is_json},
    Row{Keyword::stopsignal, has_one_argument}, Row{Keyword::user, has_one_argument},
    Row{Keyword::volume, has_arguments},        Row{Keyword::volume, volumes_are_not_blank},
    Row{Keyword::workdir, has_one_argument},
};

/// The nearest keyword, in the case in which the word was written.
std::string meant_instruction(const std::string& word) {
  std::vector<std::string> names = keyword_names();
  const bool lower = word == to_lower(word);
  if (lower) std::transform(names.begin(), names.end(), names.begin(), to_lower);
  return did_you_mean(lower ? word : to_upper(word), names);
}

Finding unknown_instruction(const Instruction& instruction) {
  const std::string& word = instruction.keyword_text;
  std::string way_out = meant_instruction(word);
  if (word.starts_with('&') || word.starts_with('|')) {
    way_out = "if it continues the line above, that line must end in the escape character";
  }
  return {instruction.lines, cat("unknown instruction: ", word), std::move(way_out)};
}

}  // namespace

std::vector<Finding> check_instruction(const Instruction& instruction) {
  if (!instruction.keyword) return {unknown_instruction(instruction)};
  std::vector<Finding> findings = check_flags(instruction);
  for (const Row& row : rows) {
    if (row.keyword != *instruction.keyword) continue;
    const auto mistake = row.check(instruction);
    if (!mistake) continue;
    findings.push_back({instruction.lines, mistake->message, mistake->suggestion});
    return findings;
  }
  if (instruction.sub) {
    const auto inner = check_instruction(*instruction.sub);
    findings.insert(findings.end(), inner.begin(), inner.end());
  }
  return findings;
}

}  // namespace strata::dockerfile
