#include "build_plans.hpp"

#include "epoch.hpp"
#include "frontend.hpp"
#include "print.hpp"
#include "strata/base/text.hpp"
#include "strata/dockerfile/parse.hpp"

namespace strata::cli {

Planned make_request_plan(const PlanRequest& request, const oci::Platform& platform,
                          BuildSource& source, plan::ImageSource& images) {
  Planned planned;
  planned.platform = platform;
  planned.file = dockerfile::parse(source.dockerfile().text, source.dockerfile().name);
  plan::Options options = request.plan;
  options.platform = platform;
  planned.epoch = settle_epoch(planned.file, options, images, source);
  std::vector<std::string> warnings;
  planned.plan = plan::make_plan(planned.file, options, images, &warnings);
  if (platform != request.platforms.front()) return planned;  // the others would say the same
  for (const std::string& warning : warnings) print_note(cat("warning: ", warning));
  if (const auto warning = frontend_warning(planned.file, options)) print_note(*warning);
  return planned;
}

std::vector<Planned> make_plans(const PlanRequest& request, BuildSource& source,
                                plan::ImageSource& images) {
  std::vector<Planned> plans;
  for (const oci::Platform& platform : request.platforms)
    plans.push_back(make_request_plan(request, platform, source, images));
  return plans;
}

}  // namespace strata::cli
