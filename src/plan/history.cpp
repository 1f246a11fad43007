#include "plan/history.hpp"

namespace strata::plan {

namespace {

constexpr std::string_view layer_mark = " # buildkit";

std::string go_quoted_list(const std::vector<std::string>& words) {
  std::vector<std::string> quoted_words;
  for (const auto& word : words) quoted_words.push_back(go_quoted(word));
  return cat("[", join(quoted_words, " "), "]");
}

/// The escape of a control character, a quote or a backslash; empty for all others.
std::string escape_of(char character) {
  switch (character) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\a':
      return "\\a";
    case '\b':
      return "\\b";
    case '\f':
      return "\\f";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    case '\v':
      return "\\v";
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(character);
  if (byte >= 0x20 && byte != 0x7f) return {};
  return cat("\\x", to_hex(std::string_view(&character, 1)));
}

/// "90" of 1.90 s: the digits behind the point without trailing zeros.
std::string fraction_text(std::int64_t rest, std::int64_t unit) {
  std::string digits;
  while (unit > 1 && rest > 0) {
    unit /= 10;
    digits += static_cast<char>('0' + rest / unit);
    rest %= unit;
  }
  return digits.empty() ? "" : cat(".", digits);
}

}  // namespace

std::string go_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char character : text) {
    const std::string escape = escape_of(character);
    if (escape.empty()) {
      out += character;
    } else {
      out += escape;
    }
  }
  return out + '"';
}

std::string go_duration(std::int64_t nanoseconds) {
  struct Unit {
    std::int64_t size;
    std::string_view name;
  };
  constexpr Unit small_units[] = {{1'000'000, "ms"}, {1'000, "µs"}, {1, "ns"}};
  constexpr std::int64_t second = 1'000'000'000;
  if (nanoseconds == 0) return "0s";
  if (nanoseconds < second) {
    for (const auto& unit : small_units) {
      if (nanoseconds < unit.size) continue;
      return cat(nanoseconds / unit.size, fraction_text(nanoseconds % unit.size, unit.size),
                 unit.name);
    }
  }
  const std::int64_t seconds = nanoseconds / second;
  std::string out;
  if (seconds >= 3600) out += cat(seconds / 3600, "h");
  if (seconds >= 60) out += cat(seconds / 60 % 60, "m");
  return cat(out, seconds % 60, fraction_text(nanoseconds % second, second), "s");
}

std::string words_history(std::string_view keyword, const std::vector<std::string>& words) {
  return cat(keyword, " ", join(words, " "));
}

std::string list_history(std::string_view keyword, const std::vector<std::string>& words) {
  return cat(keyword, " [", join(words, " "), "]");
}

std::string quoted_list_history(std::string_view keyword, const std::vector<std::string>& words) {
  return cat(keyword, " ", go_quoted_list(words));
}

std::string healthcheck_history(const oci::Healthcheck& check) {
  return cat("HEALTHCHECK {Test:[", join(check.test, " "),
             "] Interval:", go_duration(check.interval), " Timeout:", go_duration(check.timeout),
             " StartPeriod:", go_duration(check.start_period),
             " StartInterval:", go_duration(check.start_interval), " Retries:", check.retries, "}");
}

std::string run_history(const std::vector<std::string>& argv, const StageArguments& arguments,
                        const dockerfile::Environment& env) {
  std::vector<std::string> words;
  if (!arguments.list().empty()) words.push_back(cat("|", arguments.list().size()));
  for (const auto& argument : arguments.list()) {
    const auto seen = env(argument.name);
    words.push_back(cat(argument.name, "=", seen.value_or(argument.value.value_or(""))));
  }
  words.insert(words.end(), argv.begin(), argv.end());
  return cat(words_history("RUN", words), layer_mark);
}

std::string copy_history(std::string_view keyword, const CopyFiles& copy,
                         std::string_view destination) {
  std::vector<std::string> words;
  if (copy.keep_parents) words.emplace_back("--parents");
  if (copy.owner) words.push_back(cat("--chown=", *copy.owner));
  if (copy.mode) words.push_back(cat("--chmod=", *copy.mode));
  words.insert(words.end(), copy.sources.begin(), copy.sources.end());
  for (const auto& file : copy.inline_files) words.push_back(cat("<<", file.name));
  words.emplace_back(destination);
  return cat(words_history(keyword, words), layer_mark);
}

}  // namespace strata::plan
