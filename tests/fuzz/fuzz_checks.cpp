// Whatever parses can be checked, with hints and without any image, and the findings printed.

#include "fuzz/target.hpp"
#include "strata/dockerfile/parse.hpp"
#include "strata/plan/check.hpp"
#include "unit/no_images.hpp"

void strata::fuzz::try_input(std::string_view input) {
  const auto file = dockerfile::parse(input, "Dockerfile");
  const auto ignore = dockerfile::IgnoreRules::from_patterns({"**/a", "b*"});
  const plan::CheckRequest request{plan::CheckRequest::Scope::whole_file, true, &ignore};
  strata::test::NoImages images;
  const auto report = plan::check(file, {}, images, request);
  const auto mistakes = plan::find_mistakes(file, {}, images);
  plan::to_json(report, mistakes, request);
  plan::to_text(report, mistakes, file);
}
