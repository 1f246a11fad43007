#include "plan/findings.hpp"

#include <algorithm>

namespace strata::plan {

void refuse(std::string message, std::string suggestion) {
  Error error(ErrorKind::dockerfile, std::move(message));
  if (!suggestion.empty()) error.note(std::move(suggestion));
  throw error;
}

void refuse_unsupported(std::string_view what) {
  throw Unsupported(ErrorKind::dockerfile, cat("not supported yet: ", what));
}

void Findings::add(dockerfile::SourceRange lines, std::string message, std::string suggestion) {
  dockerfile::Finding finding{lines, std::move(message), std::move(suggestion)};
  // Two stages on one base find the same mistake in its triggers.
  if (std::find(findings_.begin(), findings_.end(), finding) == findings_.end()) {
    findings_.push_back(std::move(finding));
  }
}

void Findings::take(const Error& error, dockerfile::SourceRange lines, std::string_view about) {
  if (gaps_ == Gaps::pass && dynamic_cast<const Unsupported*>(&error) != nullptr) return;
  if (const auto* placed = dynamic_cast<const dockerfile::SourceError*>(&error)) {
    // Its lines count within the text it was about, which is not always the file.
    for (const auto& finding : placed->findings()) {
      add(lines, cat(about, finding.message), finding.suggestion);
    }
    return;
  }
  if (error.kind() != ErrorKind::dockerfile && error.kind() != ErrorKind::usage) throw error;
  add(lines, cat(about, error.message()), error.notes().empty() ? "" : error.notes().front());
}

std::vector<dockerfile::Finding> Findings::take_all() {
  std::stable_sort(findings_.begin(), findings_.end(), [](const auto& left, const auto& right) {
    return left.lines.first_line < right.lines.first_line;
  });
  return std::move(findings_);
}

void Findings::throw_if_any() {
  if (!findings_.empty()) throw dockerfile::SourceError(file_, take_all());
}

}  // namespace strata::plan
