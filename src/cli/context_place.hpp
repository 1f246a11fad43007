#pragma once
/// Where a build's context is: a directory, a tar archive (a file or standard input), or nowhere.
/// From each come the Dockerfile, the ignore file and the files to copy.

#include <memory>
#include <optional>
#include <string>

#include "session.hpp"
#include "strata/content/file_origin.hpp"
#include "strata/dockerfile/ignore.hpp"

namespace strata::cli {

class ContextPlace {
 public:
  virtual ~ContextPlace() = default;

  /// A file of the context as text, or nothing. It is never reached through a link that leaves.
  virtual std::optional<std::string> find_text(const std::string& name, std::size_t size_max) = 0;

  /// The files to copy. Called once, when the first step wants them.
  virtual std::shared_ptr<FileOrigin> open(dockerfile::IgnoreRules ignore,
                                           const std::string& ignore_name) = 0;
};

/// True for a word that names no path of this machine: a URL, a repository.
bool is_remote_place(const std::string& context);

/// `context` is the word of the command line: a path, or "-" for a tar or a Dockerfile on standard
/// input. Borrows the session.
std::unique_ptr<ContextPlace> open_context_place(const std::string& context, Session& session);

}  // namespace strata::cli
