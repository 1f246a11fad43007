// `strata plan`: the steps that a build would take.

#include "base_images.hpp"
#include "build_plans.hpp"
#include "command.hpp"
#include "interrupts.hpp"
#include "offers.hpp"
#include "print.hpp"
#include "strata/base/error.hpp"
#include "strata/base/text.hpp"
#include "strata/plan/print.hpp"

namespace strata::cli {

Syntax plan_syntax() {
  Syntax syntax{"strata plan [OPTIONS] CONTEXT", "Shows the steps that a build would take."};
  syntax.words_min = syntax.words_max = 1;
  add_plan_options(syntax);
  add_secret_option(syntax);
  add_value(syntax, "format", "text, json or dot");
  return syntax;
}

int run_plan(Session& session, const Arguments& arguments) {
  const std::string format = arguments.text("format", "text");
  PlanRequest request = read_plan_request(arguments);
  request.secrets = read_secrets(arguments);
  BuildSource source(request, session);
  if (request.platforms.size() > 1)
    fail(ErrorKind::usage, "--platform: a plan is for one platform, but ", request.platforms.size(),
         " are named");
  RegistryAccess access(request.registry);
  const Interrupts interrupts;
  PulledImages images(session, request, access, "plain", interrupts.token());
  const Planned planned = make_request_plan(request, request.platforms.front(), source, images);
  if (format == "text")
    print(plan::to_text(planned.plan));
  else if (format == "json")
    print_line(plan::to_json(planned.plan));
  else if (format == "dot")
    print(plan::to_dot(planned.plan));
  else
    fail(ErrorKind::usage, "--format: expected text, json or dot, found ", quoted(format));
  return 0;
}

}  // namespace strata::cli
