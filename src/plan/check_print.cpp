// What `build --check` prints.
#include <algorithm>

#include "strata/base/json.hpp"
#include "strata/base/text.hpp"
#include "strata/base/utf8.hpp"
#include "strata/dockerfile/excerpt.hpp"
#include "strata/plan/check.hpp"

namespace strata::plan {

namespace {

using dockerfile::Finding;
using dockerfile::rule_text;
using dockerfile::Warning;

json::value warning_json(const Warning& warning) {
  const auto& rule = rule_text(warning.rule);
  json::object object;
  object["rule"] = rule.name;
  object["line"] = warning.lines.first_line;
  object["message"] = valid_utf8(warning.message);
  object["end_line"] = warning.lines.last_line;
  object["url"] = dockerfile::rule_url(warning.rule);
  object["why"] = rule.why;
  object["remedy"] = rule.remedy;
  return object;
}

json::array warnings_json(const std::vector<Warning>& warnings) {
  json::array array;
  for (const auto& warning : warnings) array.push_back(warning_json(warning));
  return array;
}

json::value mistake_json(const std::vector<Finding>& mistakes) {
  if (mistakes.empty()) return nullptr;
  const Finding& first = mistakes.front();
  std::string message = first.message;
  if (!first.suggestion.empty()) message += cat(" (", first.suggestion, ")");
  return json::object{{"message", valid_utf8(message)}, {"line", first.lines.first_line}};
}

std::string warning_text(std::string_view title, const Warning& warning,
                         const dockerfile::File& file) {
  const auto& rule = rule_text(warning.rule);
  const std::string url = dockerfile::rule_url(warning.rule);
  const std::string lines = dockerfile::excerpt(file, warning.lines);
  std::string text = cat(title, ": ", rule.name, url.empty() ? "" : " - ", url, '\n');
  text += cat(file.name, ':', warning.lines.first_line, ": ", warning.message, '\n');
  if (!lines.empty()) text += cat(lines, '\n');
  return text + cat("why:   ", rule.why, "\nwrite: ", rule.remedy, "\n\n");
}

/// A broken file can be questionable on every line; nobody reads more than this.
constexpr std::size_t shown_max = 100;

std::string warning_texts(std::string_view title, const std::vector<Warning>& warnings,
                          const dockerfile::File& file) {
  std::string text;
  const std::size_t count = std::min(warnings.size(), shown_max);
  for (std::size_t i = 0; i < count; ++i) text += warning_text(title, warnings[i], file);
  if (warnings.size() > count) text += cat("… and ", warnings.size() - count, " more\n\n");
  return text;
}

std::string counted(std::size_t count, std::string_view one) {
  return cat(count, ' ', one, count == 1 ? "" : "s");
}

std::string summary(const CheckReport& report, const std::vector<Finding>& mistakes) {
  const std::size_t count = report.warnings.size();
  const std::string warnings = count == 0 ? "no warnings" : counted(count, "warning");
  const std::string errors =
      mistakes.empty() ? "" : cat(" and ", counted(mistakes.size(), "error"));
  return cat("Check complete, ", warnings, errors, " found.\n");
}

}  // namespace

std::string to_json(const CheckReport& report, const std::vector<Finding>& mistakes,
                    const CheckRequest& request) {
  json::object object;
  object["warnings"] = warnings_json(report.warnings);
  object["error"] = mistake_json(mistakes);
  if (request.hints) object["hints"] = warnings_json(report.hints);
  return strata::to_text(object);
}

std::string to_text(const CheckReport& report, const std::vector<Finding>& mistakes,
                    const dockerfile::File& file) {
  std::string text = warning_texts("WARNING", report.warnings, file);
  text += warning_texts("HINT", report.hints, file);
  for (std::size_t i = 0; i < std::min(mistakes.size(), shown_max); ++i) {
    text += cat("ERROR: ", finding_text(file, mistakes[i]), "\n\n");
  }
  return text + summary(report, mistakes);
}

}  // namespace strata::plan
