#pragma once
/// Where a build's context is: a directory, a tar archive (a file, a URL or standard input), a
/// commit of a repository, or nowhere. From each come the Dockerfile, the ignore file and the files
/// to copy.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "session.hpp"
#include "strata/content/file_origin.hpp"
#include "strata/context/place.hpp"
#include "strata/dockerfile/ignore.hpp"
#include "strata/remote/fetch.hpp"

namespace strata::cli {

class ContextPlace {
 public:
  virtual ~ContextPlace() = default;

  /// A file of the context as text, or nothing. It is never reached through a link that leaves.
  virtual std::optional<std::string> find_text(const std::string& name, std::size_t size_max) = 0;

  /// The files to copy. Called once, when the first step wants them.
  virtual std::shared_ptr<FileOrigin> open(dockerfile::IgnoreRules ignore,
                                           const std::string& ignore_name) = 0;

  /// When the commit that the files are from was made, in seconds since 1970. Error not_found if
  /// they are from none.
  virtual std::int64_t commit_time() = 0;
  /// The time of the files as a whole: the commit's; of what is in no repository but came over the
  /// network or in an archive, what the server says, else the newest member's. Error not_found if
  /// there is none.
  virtual std::int64_t time() { return commit_time(); }
};

/// Of all that lies in a tree, the newest; nothing if there is nothing.
std::optional<std::int64_t> newest_time(const RootfsView& view);
/// The time of the file behind a URL: what the server says, else, for an archive, the newest
/// member's.
std::optional<std::int64_t> time_of_url(FileOrigin& origin, const std::string& what);

/// True for a word that names no path of this machine: a URL, a repository.
bool is_remote_place(const std::string& context);

/// The repository that the word names; nothing if it names none. Beside what Dockerfiles may say,
/// github.com/OWNER/NAME is one where no such path exists.
std::optional<context::GitReference> find_repository(const std::string& context);

/// What a place is opened with; borrowed.
struct PlaceTools {
  Session& session;
  const remote::Fetcher& fetcher;
  /// Whether the files of a repository's `.git` belong to the context.
  bool keep_git_dir = false;
};

/// `context` is the word of the command line: a path, a URL, or "-" for a tar or a Dockerfile on
/// standard input.
std::unique_ptr<ContextPlace> open_context_place(const std::string& context,
                                                 const PlaceTools& tools,
                                                 const remote::Watch& watch);

/// As above for a named context: what a URL leads to is a file among none if it is no archive.
std::unique_ptr<ContextPlace> open_named_place(const std::string& context, const PlaceTools& tools,
                                               const remote::Watch& watch);

struct CommitFiles {
  std::shared_ptr<FileOrigin> files;
  std::int64_t time;
};
/// The files of a repository's commit.
CommitFiles open_commit(const remote::Fetcher& fetcher, const context::GitReference& reference,
                        const remote::Watch& watch);

}  // namespace strata::cli
