#pragma once
/// Dockerfiles in, printed plans out.

#include <algorithm>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "strata/dockerfile/finding.hpp"
#include "strata/dockerfile/parse.hpp"
#include "strata/plan/make_plan.hpp"
#include "strata/plan/print.hpp"

namespace strata::plan {

/// Images that exist as configs alone.
class FakeImages : public ImageSource {
 public:
  oci::ImageConfig& add(const std::string& name) { return configs_[name]; }

  std::shared_ptr<const oci::Image> find(const std::string& name,
                                         const oci::Platform& platform) override {
    ++lookups;
    last_platform = platform;
    const auto found = configs_.find(name);
    if (found == configs_.end()) return nullptr;
    return std::make_shared<const oci::Image>(oci::make_image(found->second, {}));
  }

  /// Contexts are added as "context:NAME".
  std::shared_ptr<const oci::Image> context_image(const std::string& name,
                                                  const oci::Platform& platform) override {
    return find("context:" + name, platform);
  }

  std::vector<std::string> names() const override {
    std::vector<std::string> names;
    for (const auto& [name, config] : configs_) names.push_back(name);
    return names;
  }

  int lookups = 0;
  oci::Platform last_platform;

 private:
  std::map<std::string, oci::ImageConfig> configs_;
};

inline oci::Platform amd64() { return {"linux", "amd64", ""}; }

/// A fixed machine, so that plans do not depend on the one that runs the tests.
inline Options fixed_options() {
  Options options;
  options.platform = options.build_platform = amd64();
  return options;
}

/// busybox and debian are there, plain; `app` has something of everything, `maker` has triggers.
inline FakeImages common_images() {
  FakeImages images;
  for (const char* name : {"busybox", "debian", "app", "maker"}) {
    auto& config = images.add(name);
    config.platform = amd64();
    config.run.env = {"PATH=/bin"};
  }
  auto& app = images.add("app");
  app.author = "someone";
  app.run.env = {"PATH=/bin", "HOME=/app"};
  app.run.cmd = {"serve"};
  app.run.working_dir = "/app";
  app.run.user = "app";
  app.run.labels = {{"from", "base"}};
  images.add("maker").run.on_build = {"ARG GOAL=all", "COPY . /src", "RUN make $GOAL"};
  return images;
}

inline Plan plan_of(std::string_view dockerfile, const Options& options, FakeImages images) {
  return make_plan(dockerfile::parse(dockerfile, "Dockerfile"), options, images);
}
inline Plan plan_of(std::string_view dockerfile, const Options& options = fixed_options()) {
  return plan_of(dockerfile, options, common_images());
}

/// The message with excerpt and all findings; empty if the file can be planned.
inline std::string error_of(std::string_view dockerfile, const Options& options = fixed_options()) {
  try {
    plan_of(dockerfile, options);
    return {};
  } catch (const Error& error) {
    return error.what();
  }
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// The only operation of a kind in the target stage; fails the test by exception if there is none.
template <class Kind>
const Kind& last_operation(const Plan& plan) {
  const auto& steps = plan.target_stage().steps;
  const auto found = std::find_if(steps.rbegin(), steps.rend(), [](const Step& step) {
    return std::holds_alternative<Kind>(step.operation);
  });
  return std::get<Kind>(found == steps.rend() ? steps.back().operation : found->operation);
}

inline const oci::RunConfig& final_config(const Plan& plan) {
  const auto& stage = plan.target_stage();
  return stage.config;
}

inline std::vector<std::string> histories(const Plan& plan) {
  std::vector<std::string> texts;
  for (const auto& step : plan.target_stage().steps) texts.push_back(step.created_by);
  return texts;
}

}  // namespace strata::plan
