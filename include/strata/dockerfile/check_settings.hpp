#pragma once
/// Which rules are reported: `skip=A,B;error=true;experimental=C`, as a `# check=` directive, the
/// build argument BUILDKIT_DOCKERFILE_CHECK or a comment above an instruction has it.

#include <bitset>
#include <string>
#include <string_view>
#include <vector>

#include "strata/dockerfile/file.hpp"

namespace strata::dockerfile {

using RuleSet = std::bitset<check_rule_count>;

/// Names of rules that there are not are read and forgotten.
struct CheckSettings {
  bool skip_all = false;
  RuleSet skipped;
  bool experimental_all = false;
  RuleSet experimental;
  bool fails_build = false;  ///< `error=true`: a build with a warning ends before its first step

  bool reports(CheckRule rule) const;
  bool operator==(const CheckSettings&) const = default;
};

/// Throws Error dockerfile, without a place, for anything but the three options.
CheckSettings parse_check_settings(std::string_view text);

/// The settings a file's `# check=` directive gives. A `#!` line may stand before it. Throws
/// SourceError naming its line.
CheckSettings file_check_settings(const File& file);

/// The settings with what a `# check=` among the comments above an instruction adds; one that
/// cannot be read adds nothing. Whether a build fails is not for a comment to say.
CheckSettings with_comments(const CheckSettings& settings,
                            const std::vector<std::string>& comments);

}  // namespace strata::dockerfile
