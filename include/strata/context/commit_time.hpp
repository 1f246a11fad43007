#pragma once
/// When the files of a working tree were committed, for SOURCE_DATE_EPOCH=git.

#include <cstdint>
#include <string>

namespace strata::context {

/// The committer's time, in seconds since 1970, of the commit that HEAD names in the repository
/// that the directory lies in. Throws Error not_found, with git's own words, if there is none.
///
/// The git command line is asked. It runs without the user's and the system's configuration, and
/// what the repository's own could make it start or fetch is switched off.
std::int64_t commit_time(const std::string& directory);

}  // namespace strata::context
