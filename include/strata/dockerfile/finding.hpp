#pragma once
/// What is wrong with a Dockerfile, where, and what to do about it.
///
/// Checks return findings, so that all of them can be shown at once; whoever cannot go on turns
/// them into one SourceError, an Error of kind `dockerfile` that keeps the findings as data.

#include <string>
#include <vector>

#include "strata/base/error.hpp"
#include "strata/dockerfile/file.hpp"

namespace strata::dockerfile {

struct Finding {
  SourceRange lines;
  std::string message;     ///< what was expected and found
  std::string suggestion;  ///< the way out; may be empty
  bool operator==(const Finding&) const = default;
};

/// An Error whose findings a caller may show in its own way (as JSON, for one).
class SourceError : public Error {
 public:
  SourceError(const File& file, std::vector<Finding> findings);
  const std::vector<Finding>& findings() const { return findings_; }

 private:
  std::vector<Finding> findings_;
};

/// `FILE:LINE: message (suggestion)` and below it the excerpt.
std::string finding_text(const File& file, const Finding& finding);

/// "did you mean X?" for the nearest candidate, or nothing.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace strata::dockerfile
