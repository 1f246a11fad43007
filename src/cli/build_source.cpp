#include "build_source.hpp"

#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <boost/filesystem/path.hpp>

#include "network.hpp"
#include "strata/base/error.hpp"
#include "strata/base/file.hpp"
#include "strata/base/text.hpp"
#include "strata/base/url.hpp"
#include "strata/dockerfile/parse.hpp"

namespace strata::cli {

namespace {

namespace fs = boost::filesystem;

constexpr const char* ignore_file = ".dockerignore";
constexpr std::size_t ignore_file_size_max = 8u << 20;

std::string absolute_path(const std::string& path) {
  return fs::weakly_canonical(fs::absolute(path)).string();
}

/// The build argument that BuildKit has for it.
bool keeps_git_dir(const PlanRequest& request) {
  const auto found = request.plan.build_args.find("BUILDKIT_CONTEXT_KEEP_GIT_DIR");
  if (found == request.plan.build_args.end()) return false;
  const std::string value = to_lower(found->second);
  return value == "1" || value == "true";
}

std::function<std::string()> agent_finder(const PlanRequest& request, Session& session) {
  if (!request.agent) return {};
  return [agent = request.agent, &session] { return agent->socket(session.store()); };
}

}  // namespace

BuildSource::BuildSource(const PlanRequest& request, Session& session)
    : request_(request),
      session_(session),
      client_(read_network_settings()),
      fetcher_{session.store(),        client_,         session.pool(),
               read_git_environment(), request.secrets, agent_finder(request, session)},
      place_(open_context_place(request.context, {session, fetcher_, keeps_git_dir(request)},
                                early_watch())),
      dockerfile_(read_dockerfile()) {}

DockerfileText BuildSource::read_dockerfile() {
  using Place = DockerfileText::Place;
  constexpr std::size_t size_max = dockerfile::file_size_max;
  const std::string& file = request_.dockerfile;
  if (file == "-")
    return {"Dockerfile", read_all(STDIN_FILENO, size_max, "Dockerfile"), Place::nowhere};
  // Beside a directory, -f is a path of the shell; in what is no directory, one of the context.
  if (!file.empty() && fs::is_directory(request_.context))
    return {file, read_host_file(file, size_max), Place::host};
  const Words names = file.empty() ? Words{"Dockerfile", "dockerfile"} : Words{file};
  for (const std::string& name : names)
    if (auto text = place_->find_text(name, size_max))
      return {name, std::move(*text), Place::context};
  if (!file.empty() && fs::exists(file)) return {file, read_host_file(file, size_max), Place::host};
  fail(ErrorKind::not_found, "no ", names.front(), " in ",
       quoted(mask_credentials(request_.context)), "; name another one with -f FILE");
}

std::string BuildSource::id() const {
  const bool is_path = request_.context != "-" && !is_remote_place(request_.context);
  const std::string context =
      is_path ? absolute_path(request_.context) : mask_credentials(request_.context);
  const std::string& name = dockerfile_.name;
  switch (dockerfile_.place) {
    case DockerfileText::Place::host:
      return cat(context, '\n', absolute_path(name));
    case DockerfileText::Place::context:
      return cat(context, '\n', is_path ? (fs::path(context) / name).string() : name);
    case DockerfileText::Place::nowhere:
      break;
  }
  return cat(context, '\n', name);
}

std::shared_ptr<FileOrigin> BuildSource::open_place(const plan::Origin& place,
                                                    const build::Opening& opening) {
  const remote::Watch watch{opening.tell, opening.stop};
  if (const auto* file = std::get_if<plan::FromUrl>(&place)) {
    if (const auto early = early_urls_.find(*file); early != early_urls_.end())
      return early->second;
    return remote::open_url(fetcher_, file->url, file->checksum, std::string(plan::url_file),
                            watch);
  }
  if (const auto* from = std::get_if<plan::FromGit>(&place)) {
    const auto early = early_commits_.find(from->repository);
    if (early != early_commits_.end()) return early->second.files;
    return open_commit(fetcher_, from->repository, watch).files;
  }
  return open_context(std::get<plan::FromContext>(place).name, watch);
}

std::shared_ptr<FileOrigin> BuildSource::open_context(const std::string& name,
                                                      const remote::Watch& watch) {
  if (name.empty()) return open_main_context();
  ContextPlace& place = place_of(name, watch);
  const auto text = place.find_text(ignore_file, ignore_file_size_max);
  const std::string called = cat(name, "/", ignore_file);
  return place.open(dockerfile::IgnoreRules::parse(text.value_or(""), called), called);
}

ContextPlace& BuildSource::context(const std::string& name) {
  return name.empty() ? *place_ : place_of(name, early_watch());
}

std::optional<std::int64_t> BuildSource::time_of(const plan::Origin& remote) {
  if (const auto* from = std::get_if<plan::FromGit>(&remote)) {
    auto commit = open_commit(fetcher_, from->repository, early_watch());
    return early_commits_.insert_or_assign(from->repository, std::move(commit)).first->second.time;
  }
  const auto& file = std::get<plan::FromUrl>(remote);
  auto origin = open_place(file, {early_watch().tell, {}});
  early_urls_[file] = origin;
  return time_of_url(*origin, mask_credentials(file.url));
}

remote::Watch BuildSource::early_watch() {
  return {[this](std::string note) { notes_.push_back(std::move(note)); }, std::stop_token()};
}

/// What a place holds open lives as long as the build.
ContextPlace& BuildSource::place_of(const std::string& name, const remote::Watch& watch) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = named_.find(name); known != named_.end()) return *known->second;
  }
  auto place = open_named_place(request_.contexts.at(name), {session_, fetcher_}, watch);
  const std::lock_guard lock(mutex_);
  return *(named_[name] = std::move(place));
}

/// "<Dockerfile>.dockerignore", from where the Dockerfile is.
std::optional<std::string> BuildSource::find_own_ignore_text() {
  const std::string own = dockerfile_.name + ignore_file;
  if (dockerfile_.place == DockerfileText::Place::context)
    return place_->find_text(own, ignore_file_size_max);
  if (dockerfile_.place == DockerfileText::Place::host && fs::exists(own))
    return read_host_file(own, ignore_file_size_max);
  return std::nullopt;
}

IgnoreFile BuildSource::read_ignore_file() {
  std::string name = fs::path(dockerfile_.name + ignore_file).filename().string();
  auto text = find_own_ignore_text();
  if (!text) {
    name = ignore_file;
    text = place_->find_text(name, ignore_file_size_max);
  }
  return {name, dockerfile::IgnoreRules::parse(text.value_or(""), name)};
}

std::shared_ptr<FileOrigin> BuildSource::open_main_context() {
  IgnoreFile ignore = read_ignore_file();
  return place_->open(std::move(ignore.rules), ignore.name);
}

}  // namespace strata::cli
