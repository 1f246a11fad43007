#include "build_source.hpp"

#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <boost/filesystem/path.hpp>

#include "strata/base/error.hpp"
#include "strata/base/file.hpp"
#include "strata/base/text.hpp"
#include "strata/dockerfile/parse.hpp"

namespace strata::cli {

namespace {

namespace fs = boost::filesystem;

constexpr const char* ignore_file = ".dockerignore";
constexpr std::size_t ignore_file_size_max = 8u << 20;

std::string absolute_path(const std::string& path) {
  return fs::weakly_canonical(fs::absolute(path)).string();
}

}  // namespace

BuildSource::BuildSource(const PlanRequest& request, Session& session)
    : request_(request),
      session_(session),
      place_(open_context_place(request.context, session)),
      dockerfile_(read_dockerfile()) {}

DockerfileText BuildSource::read_dockerfile() {
  constexpr std::size_t size_max = dockerfile::file_size_max;
  const std::string& file = request_.dockerfile;
  if (file == "-") return {"Dockerfile", read_all(STDIN_FILENO, size_max, "Dockerfile"), {}};
  const bool in_directory = fs::is_directory(request_.context);
  if (!file.empty() && (in_directory || fs::exists(file)))
    return {file, read_host_file(file, size_max), file};
  const Words names = file.empty() ? Words{"Dockerfile", "dockerfile"} : Words{file};
  for (const std::string& name : names) {
    auto text = place_->find_text(name, size_max);
    if (!text) continue;
    return {name, std::move(*text),
            in_directory ? (fs::path(request_.context) / name).string() : std::string()};
  }
  fail(ErrorKind::not_found, "no ", names.front(), " in ", quoted(request_.context),
       "; name another one with -f FILE");
}

std::string BuildSource::id() const {
  const std::string context = request_.context == "-" ? "-" : absolute_path(request_.context);
  const std::string& file = dockerfile_.host_path;
  return cat(context, '\n', file.empty() ? dockerfile_.name : absolute_path(file));
}

std::shared_ptr<FileOrigin> BuildSource::open_place(const plan::Origin& place,
                                                    const build::Opening&) {
  return open_context(std::get<plan::FromContext>(place).name);
}

std::shared_ptr<FileOrigin> BuildSource::open_context(const std::string& name) {
  if (name.empty()) return open_main_context();
  ContextPlace& place = place_of(name);
  const auto text = place.find_text(ignore_file, ignore_file_size_max);
  const std::string called = cat(name, "/", ignore_file);
  return place.open(dockerfile::IgnoreRules::parse(text.value_or(""), called), called);
}

/// What a place holds open lives as long as the build.
ContextPlace& BuildSource::place_of(const std::string& name) {
  auto place = open_context_place(request_.contexts.at(name), session_);
  const std::lock_guard lock(mutex_);
  return *(named_[name] = std::move(place));
}

std::shared_ptr<FileOrigin> BuildSource::open_main_context() {
  std::string name = ignore_file;
  std::optional<std::string> text;
  const std::string own = dockerfile_.host_path + name;
  if (!dockerfile_.host_path.empty() && fs::exists(own)) {
    name = fs::path(own).filename().string();
    text = read_host_file(own, ignore_file_size_max);
  } else {
    text = place_->find_text(name, ignore_file_size_max);
  }
  return place_->open(dockerfile::IgnoreRules::parse(text.value_or(""), name), name);
}

std::shared_ptr<const oci::Image> StoreImages::find(const std::string& name, const oci::Platform&) {
  auto image = session_.store().images().find_reference(oci::parse_reference(name));
  return image ? std::make_shared<oci::Image>(std::move(*image)) : nullptr;
}

std::shared_ptr<const oci::Image> StoreImages::context_image(const std::string& name,
                                                             const oci::Platform& platform) {
  return std::make_shared<oci::Image>(
      open_context_image(name, request_.contexts.at(name), platform, session_.store()));
}

std::vector<std::string> StoreImages::names() const {
  std::vector<std::string> names;
  for (const auto& image : session_.store().images().list())
    for (const auto& name : image.names) names.push_back(oci::familiar_name(name));
  return names;
}

}  // namespace strata::cli
