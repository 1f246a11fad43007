#include "build_source.hpp"

#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <boost/filesystem/path.hpp>

#include "strata/base/error.hpp"
#include "strata/base/file.hpp"
#include "strata/base/text.hpp"
#include "strata/dockerfile/parse.hpp"
#include "strata/input/layout.hpp"

namespace strata::cli {

namespace {

namespace fs = boost::filesystem;

constexpr std::size_t ignore_file_size_max = 8u << 20;

std::string absolute_path(const std::string& path) {
  return fs::weakly_canonical(fs::absolute(path)).string();
}

}  // namespace

BuildSource::BuildSource(const PlanRequest& request, Session& session)
    : request_(request),
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

std::shared_ptr<FileOrigin> BuildSource::open_context() {
  std::string name = ".dockerignore";
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

std::shared_ptr<const oci::Image> StoreImages::find(const std::string& name,
                                                    const oci::Platform& platform) {
  const auto layout = request_.layouts.find(name);
  if (layout != request_.layouts.end()) {
    const auto reference = input::parse_layout_reference(layout->second);
    return std::make_shared<oci::Image>(input::open_layout(session_.store(), reference, platform));
  }
  auto image = session_.store().images().find_reference(oci::parse_reference(name));
  return image ? std::make_shared<oci::Image>(std::move(*image)) : nullptr;
}

std::vector<std::string> StoreImages::names() const {
  std::vector<std::string> names;
  for (const auto& image : session_.store().images().list())
    for (const auto& name : image.names) names.push_back(oci::familiar_name(name));
  return names;
}

}  // namespace strata::cli
