#include "plan/findings.hpp"

#include <algorithm>

namespace strata::plan {

void refuse(std::string message, std::string suggestion) {
  Error error(ErrorKind::dockerfile, std::move(message));
  if (!suggestion.empty()) error.note(std::move(suggestion));
  throw error;
}

void refuse_here(std::string message, std::string suggestion) {
  Unsupported error(ErrorKind::dockerfile, std::move(message));
  error.note(std::move(suggestion));
  throw error;
}

void Findings::add(dockerfile::SourceRange lines, std::string message, std::string suggestion) {
  dockerfile::Finding finding{lines, std::move(message), std::move(suggestion)};
  // Two stages on one base find the same mistake in its triggers.
  const auto [begin, end] = findings_.equal_range(lines.first_line);
  const auto is_same = [&](const auto& known) { return known.second == finding; };
  if (std::none_of(begin, end, is_same)) findings_.emplace(lines.first_line, std::move(finding));
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
  if (error.kind() != ErrorKind::dockerfile && error.kind() != ErrorKind::usage)
    throw Error(error).note(cat("at ", file_.name, ":", lines.first_line));
  add(lines, cat(about, error.message()), error.notes().empty() ? "" : error.notes().front());
}

std::vector<dockerfile::Finding> Findings::take_all() {
  std::vector<dockerfile::Finding> all;
  for (auto& [line, finding] : findings_) all.push_back(std::move(finding));
  findings_.clear();
  return all;
}

void Findings::throw_if_any() {
  if (!findings_.empty()) throw dockerfile::SourceError(file_, take_all());
}

}  // namespace strata::plan
