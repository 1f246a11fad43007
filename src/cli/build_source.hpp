#pragma once
/// What a build reads: the Dockerfile, the context with its ignore rules.

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "build_request.hpp"
#include "context_place.hpp"
#include "epoch.hpp"
#include "session.hpp"
#include "strata/build/builder.hpp"
#include "strata/plan/make_plan.hpp"

namespace strata::cli {

/// The Dockerfile of a request, found and read but not parsed.
struct DockerfileText {
  enum class Place { context, host, nowhere };

  std::string name;  ///< as messages call it, and its path if it has a place
  std::string text;
  Place place;  ///< "<path>.dockerignore" may lie beside it
};

/// What keeps files out of the main context.
struct IgnoreFile {
  std::string name;  ///< as messages call it
  dockerfile::IgnoreRules rules;
};

class BuildSource : public EpochSources {
 public:
  /// Throws Error not_found that says where a Dockerfile was looked for. Borrows both.
  BuildSource(const PlanRequest& request, Session& session);

  const DockerfileText& dockerfile() const { return dockerfile_; }
  /// What was told while the main context was opened.
  const std::vector<std::string>& notes() const { return notes_; }

  /// Tells this Dockerfile from others in the records of the cache: the absolute paths of file and
  /// context.
  std::string id() const;

  /// Whatever the steps of a plan take files from outside of plan and store.
  std::shared_ptr<FileOrigin> open_place(const plan::Origin& place, const build::Opening& opening);
  ContextPlace& context(const std::string& name) override;
  std::optional<std::int64_t> time_of(const plan::Origin& remote) override;
  /// Of the main context: "<Dockerfile>.dockerignore", else ".dockerignore"; no rules without
  /// either.
  IgnoreFile read_ignore_file();

 private:
  DockerfileText read_dockerfile();
  /// A build context by its name, empty for the main one, less what its ignore file excludes: for
  /// the main one "<Dockerfile>.dockerignore" if there is one, else and for all others
  /// ".dockerignore".
  std::shared_ptr<FileOrigin> open_context(const std::string& name, const remote::Watch& watch);
  std::shared_ptr<FileOrigin> open_main_context();
  std::optional<std::string> find_own_ignore_text();
  /// For what is opened before the build begins.
  remote::Watch early_watch();
  ContextPlace& place_of(const std::string& name, const remote::Watch& watch);

  const PlanRequest& request_;
  Session& session_;
  http::Client client_;
  remote::Fetcher fetcher_;
  std::vector<std::string> notes_;
  std::unique_ptr<ContextPlace> place_;
  DockerfileText dockerfile_;
  std::mutex mutex_;  ///< guards `named_`
  std::map<std::string, std::unique_ptr<ContextPlace>> named_;
  /// What the epoch was taken from, which the steps then find as it was.
  std::map<plan::FromUrl, std::shared_ptr<FileOrigin>> early_urls_;
  std::map<context::GitReference, CommitFiles> early_commits_;
};

}  // namespace strata::cli
