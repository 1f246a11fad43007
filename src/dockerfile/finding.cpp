#include "strata/dockerfile/finding.hpp"

#include <algorithm>

#include "strata/base/text.hpp"
#include "strata/dockerfile/excerpt.hpp"

namespace strata::dockerfile {
namespace {

// A broken file can be wrong on every line; nobody reads more than this.
constexpr std::size_t shown_max = 20;

std::string all_texts(const File& file, const std::vector<Finding>& findings) {
  std::string text;
  for (std::size_t i = 0; i < std::min(findings.size(), shown_max); ++i) {
    if (i > 0) text += '\n';
    text += finding_text(file, findings[i]);
  }
  if (findings.size() > shown_max) text += cat("\n… and ", findings.size() - shown_max, " more");
  return text;
}

}  // namespace

SourceError::SourceError(const File& file, std::vector<Finding> findings)
    : Error(ErrorKind::dockerfile, all_texts(file, findings)), findings_(std::move(findings)) {}

std::string finding_text(const File& file, const Finding& finding) {
  std::string text = cat(file.name, ":", finding.lines.first_line, ": ", finding.message);
  if (!finding.suggestion.empty()) text += cat(" (", finding.suggestion, ")");
  const std::string lines = excerpt(file, finding.lines);
  if (!lines.empty()) text += cat("\n", lines);
  return text;
}

void fail_at(const File& file, SourceRange lines, std::string message, std::string suggestion) {
  throw SourceError(file, {Finding{lines, std::move(message), std::move(suggestion)}});
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const auto nearest = nearest_word(word, candidates);
  return nearest ? cat("did you mean ", *nearest, "?") : std::string();
}

}  // namespace strata::dockerfile
