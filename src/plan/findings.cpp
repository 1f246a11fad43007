#include "plan/findings.hpp"

#include <algorithm>

namespace strata::plan {

void refuse(std::string message, std::string suggestion) {
  Error error(ErrorKind::dockerfile, std::move(message));
  if (!suggestion.empty()) error.note(std::move(suggestion));
  throw error;
}

void refuse_unsupported(std::string_view what) { refuse(cat("not supported yet: ", what)); }

void Findings::add(dockerfile::SourceRange lines, std::string message, std::string suggestion) {
  dockerfile::Finding finding{lines, std::move(message), std::move(suggestion)};
  // Two stages on one base find the same mistake in its triggers.
  if (std::find(findings_.begin(), findings_.end(), finding) == findings_.end()) {
    findings_.push_back(std::move(finding));
  }
}

void Findings::take(const Error& error, dockerfile::SourceRange lines, std::string_view about) {
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

void Findings::throw_if_any() {
  if (findings_.empty()) return;
  std::stable_sort(findings_.begin(), findings_.end(), [](const auto& left, const auto& right) {
    return left.lines.first_line < right.lines.first_line;
  });
  throw dockerfile::SourceError(file_, std::move(findings_));
}

}  // namespace strata::plan
