#pragma once
/// The `created_by` texts of an image's history, letter by letter as BuildKit writes them
/// (reference dockerfile.md §1.7). They are for people and for tools that look for them; nothing in
/// Strata is decided by them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/arguments.hpp"
#include "strata/base/text.hpp"
#include "strata/oci/image_config.hpp"
#include "strata/plan/step.hpp"

namespace strata::plan {

/// `ENV a=b c=d`: a keyword and what follows it, blanks between.
std::string words_history(std::string_view keyword, const std::vector<std::string>& words);
/// `EXPOSE [80/tcp 443/tcp]`: as Go prints a list.
std::string list_history(std::string_view keyword, const std::vector<std::string>& words);
/// `CMD ["sh" "-c" "ls"]`: as Go prints a list of quoted texts.
std::string quoted_list_history(std::string_view keyword, const std::vector<std::string>& words);

/// `HEALTHCHECK {Test:[CMD true] Interval:30s …}`: as Go prints the structure.
std::string healthcheck_history(const oci::Healthcheck& check);

/// `RUN |1 A=1 /bin/sh -c make # buildkit`. An argument's value is the one the process sees.
std::string run_history(const std::vector<std::string>& argv, const StageArguments& arguments,
                        const dockerfile::Environment& env);

/// `COPY --chown=app src dst # buildkit`. `destination` is as written, expanded.
std::string copy_history(std::string_view keyword, const CopyFiles& copy,
                         std::string_view destination);

/// A text in double quotes as Go's %q writes it.
std::string go_quoted(std::string_view text);
/// A duration as Go writes it: "1m30s", "500ms", "0s".
std::string go_duration(std::int64_t nanoseconds);

}  // namespace strata::plan
