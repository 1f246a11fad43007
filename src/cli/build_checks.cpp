#include "build_checks.hpp"

#include "base_images.hpp"
#include "print.hpp"
#include "strata/base/error.hpp"
#include "strata/base/text.hpp"
#include "strata/dockerfile/parse.hpp"
#include "strata/plan/check.hpp"

namespace strata::cli {

namespace {

using dockerfile::Warning;

/// What stands in the file, and what keeps it from being built.
struct CheckResult {
  dockerfile::File file;
  plan::CheckReport report;
  std::vector<dockerfile::Finding> mistakes;
};

CheckResult check_whole_file(const DockerfileText& text, const PlanRequest& request,
                             const plan::CheckRequest& check, Session& session) {
  CheckResult result;
  StoreImages images(session, request);
  try {
    result.file = dockerfile::parse(text.text, text.name);
    result.report = plan::check(result.file, request.plan, images, check);
    result.mistakes = plan::find_mistakes(result.file, request.plan, images);
  } catch (const dockerfile::SourceError& error) {
    result.mistakes = error.findings();
    result.file.name = text.name;
    result.file.text = text.text;
  }
  return result;
}

std::string count_text(std::size_t count, std::string_view one) {
  return cat(count, ' ', one, count == 1 ? "" : "s");
}

void tell(const std::vector<Warning>& findings, std::string_view one, build::Observer& observer) {
  if (findings.empty()) return;
  observer.on_event(build::Notice{
      cat(count_text(findings.size(), one), " found (strata build --check tells more):")});
  for (const Warning& warning : findings) observer.on_event(build::Warned{warning});
}

}  // namespace

int run_check(const BuildRequest& request, BuildSource& source, Session& session) {
  const IgnoreFile ignore = source.read_ignore_file();
  const plan::CheckRequest check{plan::CheckRequest::Scope::whole_file, request.hints,
                                 &ignore.rules};
  const CheckResult result = check_whole_file(source.dockerfile(), request.plan, check, session);
  if (request.check_as_json)
    print_line(plan::to_json(result.report, result.mistakes, check));
  else
    print(plan::to_text(result.report, result.mistakes, result.file));
  const bool fine = result.report.warnings.empty() && result.mistakes.empty();
  return fine ? 0 : exit_code(ErrorKind::dockerfile);
}

void warn_before_build(const dockerfile::File& file, const BuildRequest& request,
                       BuildSource& source, Session& session, build::Observer& observer) {
  const IgnoreFile ignore = source.read_ignore_file();
  const plan::CheckRequest check{plan::CheckRequest::Scope::target, request.hints, &ignore.rules};
  StoreImages images(session, request.plan);
  const plan::CheckReport report = plan::check(file, request.plan.plan, images, check);
  tell(report.warnings, "warning", observer);
  tell(report.hints, "hint", observer);
  if (!report.fails_build) return;
  fail(ErrorKind::dockerfile, file.name, ": ", count_text(report.warnings.size(), "warning"),
       " found, and its checks say error=true: no step was run");
}

}  // namespace strata::cli
