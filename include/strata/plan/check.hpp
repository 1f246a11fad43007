#pragma once
/// The build checks (reference dockerfile.md §1.12): what a Dockerfile says that works, and yet is
/// better written otherwise. The findings are BuildKit's, rule by rule and line by line.
///
/// No image needs to be there: in place of one that is not stands an empty one with a PATH.

#include <vector>

#include "strata/dockerfile/file.hpp"
#include "strata/dockerfile/finding.hpp"
#include "strata/dockerfile/ignore.hpp"
#include "strata/plan/make_plan.hpp"

namespace strata::plan {

struct CheckRequest {
  /// Whether the stages that the target does not need are checked too. Triggers of ONBUILD are
  /// looked at only where the target needs the stage.
  enum class Scope { target, whole_file };

  Scope scope = Scope::target;
  bool hints = false;
  /// The main context's; null if nothing is ignored. Borrowed.
  const dockerfile::IgnoreRules* ignore = nullptr;
};

/// Both in order of lines.
struct CheckReport {
  std::vector<dockerfile::Warning> warnings;
  std::vector<dockerfile::Warning> hints;
  bool fails_build = false;  ///< the settings say so, and there are warnings
};

/// Of a file that cannot be cut into stages only the text is checked. Throws SourceError for a bad
/// `# check=` directive, Error usage for a bad build argument BUILDKIT_DOCKERFILE_CHECK.
CheckReport check(const dockerfile::File& file, const Options& options, ImageSource& images,
                  const CheckRequest& request);

/// All that keeps the file from being built with any base image, in order of lines: what
/// `make_plan` throws, for every stage, less images that are not there, what the user does not
/// allow, and what only this engine cannot do.
std::vector<dockerfile::Finding> find_mistakes(const dockerfile::File& file, const Options& options,
                                               ImageSource& images);

/// `{"warnings":[{"rule","line","message",…}],"error":null or {"message","line"},"hints":[…]}` on
/// one line. `hints` only if `request` asked for them.
std::string to_json(const CheckReport& report, const std::vector<dockerfile::Finding>& mistakes,
                    const CheckRequest& request);
/// Each finding with its lines, why, and what to write; the mistakes; and how many there are.
std::string to_text(const CheckReport& report, const std::vector<dockerfile::Finding>& mistakes,
                    const dockerfile::File& file);

}  // namespace strata::plan
