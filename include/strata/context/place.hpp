#pragma once
/// Addresses of files that lie elsewhere, read from the text that a user or a Dockerfile gives: a
/// URL, or a git repository with what is wanted of it (reference dockerfile.md §1.6, "ADD only").

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace strata::context {

/// What of a repository is wanted. Written as a fragment, URL#REF:SUBDIR, or as a query,
/// URL?branch=…&subdir=….
struct GitReference {
  enum class Times { commit, checkout };

  std::string url;       ///< of the repository alone, as git takes it; may hold credentials
  std::string ref;       ///< a branch, tag, full ref name or commit id; empty for HEAD
  std::string subdir;    ///< root path; empty for all of it
  std::string checksum;  ///< lower-case hex digits with which the commit's id must begin
  bool keep_git_dir = false;
  bool submodules = true;
  /// The commit named by `checksum` is asked for itself, and not what `ref` leads to.
  bool fetch_by_commit = false;
  Times times = Times::commit;

  friend auto operator<=>(const GitReference&, const GitReference&) = default;
};

/// Nothing if the text names no repository: then it is a path or a plain URL. Throws Error usage
/// for a repository that cannot be meant (an option in place of a name, an unknown query key).
std::optional<GitReference> find_git_reference(std::string_view text);

/// As people may see it: URL without credentials, ref and subdir.
std::string to_string(const GitReference& reference);

/// Lower-case hex digits, at least one and no more than a SHA-256 has. Throws Error usage.
std::string parse_commit_prefix(std::string_view text);
/// The whole name of a commit: 40 or 64 hex digits.
bool is_commit_id(std::string_view text);

/// True for http:// and https:// URLs, repositories or not.
bool is_http_url(std::string_view text);

}  // namespace strata::context
