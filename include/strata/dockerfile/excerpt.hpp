#pragma once
/// The lines of a Dockerfile as an error message shows them.

#include <string>

#include "strata/dockerfile/file.hpp"
#include "strata/dockerfile/finding.hpp"

namespace strata::dockerfile {

/// The lines of the file around `lines`, numbered, with `>>>` before those in the range. Long
/// ranges and long lines are cut; control characters are shown as `?`. Ends without a newline.
std::string excerpt(const File& file, SourceRange lines);

/// Throws SourceError with one finding: `FILE:LINE: message (suggestion)` and the excerpt.
[[noreturn]] void fail_at(const File& file, SourceRange lines, std::string message,
                          std::string suggestion = {});

/// Does `work`, and gives an Error dockerfile that does not know its place (expansion, mounts,
/// patterns) the place `lines`.
template <class Work>
auto at_lines(const File& file, SourceRange lines, Work work) -> decltype(work()) {
  try {
    return work();
  } catch (const SourceError&) {
    throw;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::dockerfile) throw;
    fail_at(file, lines, error.message());
  }
}

}  // namespace strata::dockerfile
