#include "strata/context/commit_time.hpp"

#include <charconv>
#include <string_view>

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"
#include "strata/context/git.hpp"

namespace strata::context {

std::int64_t commit_time(const std::string& directory) {
  // rev-list is plumbing: of what a repository's configuration can start, it starts nothing.
  // Whoever owns the repository, its HEAD is only read, and no object is fetched.
  const Finished finished = run_git(
      {"-c", "protocol.allow=never", "rev-list", "--max-count=1", "--timestamp", "HEAD", "--"},
      {"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/nonexistent", "GIT_OPTIONAL_LOCKS=0",
       "GIT_NO_LAZY_FETCH=1"},
      directory, std::stop_token());
  const std::string& answer = finished.output;
  std::int64_t seconds = 0;
  const auto parsed = std::from_chars(answer.data(), answer.data() + answer.size(), seconds);
  if (finished.status == 0 && parsed.ec == std::errc()) return seconds;
  Error error(ErrorKind::not_found, cat("no commit is checked out in ", quoted(directory)));
  throw error.note(cat("git: ", trim(finished.errors)));
}

}  // namespace strata::context
