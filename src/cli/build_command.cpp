// `strata build`, `strata plan` and `strata parse`: the way of the data, one call per arrow.

#include <unistd.h>

#include <fcntl.h>
#include <boost/filesystem/path.hpp>

#include "build_checks.hpp"
#include "build_request.hpp"
#include "build_source.hpp"
#include "command.hpp"
#include "epoch.hpp"
#include "frontend.hpp"
#include "interrupts.hpp"
#include "print.hpp"
#include "progress.hpp"
#include "strata/base/error.hpp"
#include "strata/base/file.hpp"
#include "strata/base/json.hpp"
#include "strata/base/text.hpp"
#include "strata/build/builder.hpp"
#include "strata/dockerfile/finding.hpp"
#include "strata/dockerfile/parse.hpp"
#include "strata/dockerfile/print.hpp"
#include "strata/output/write.hpp"
#include "strata/plan/print.hpp"

namespace strata::cli {

namespace {

void write_host_file(const std::string& path, std::string_view text) {
  const boost::filesystem::path file(path);
  const std::string parent = file.has_parent_path() ? file.parent_path().string() : ".";
  write_file(Root::open(parent).fd(), file.filename().string(), text, Durability::none);
}

/// A failed step as the user shall see it: place, lines of the Dockerfile, last lines of its
/// output.
[[noreturn]] void fail_step(const dockerfile::File& file, const build::StepError& error,
                            const std::vector<std::string>& last_lines) {
  if (error.kind() == ErrorKind::interrupted) throw Error(error);
  const dockerfile::Finding finding{{error.lines().first, error.lines().last}, error.what(), {}};
  std::string text = dockerfile::finding_text(file, finding);
  if (!last_lines.empty()) text += "\nlast lines of its output:";
  for (const std::string& line : last_lines) text += cat("\n  ", line);
  throw Error(error.kind(), text);
}

/// Mistakes that were seen before any step, each at its place.
[[noreturn]] void fail_plan(const dockerfile::File& file, const build::PlanError& error) {
  if (error.kind() == ErrorKind::interrupted) throw Error(error);
  std::string text;
  for (const auto& [lines, mistake] : error.mistakes()) {
    const dockerfile::Finding finding{
        {lines.first, lines.last}, mistake.message(), join(mistake.notes(), "; ")};
    text += cat(text.empty() ? "" : "\n", dockerfile::finding_text(file, finding));
  }
  throw Error(error.kind(), text);
}

/// Gives the image its names and writes it where the outputs say.
void deliver(const oci::Image& image, const BuildRequest& request, Session& session) {
  const store::NamedImage named{image, request.names};
  // Without a name and with another place to go, it need not be listed in the store.
  if (!request.names.empty() || request.outputs.empty())
    session.store().images().put(image, request.names);
  for (const output::OutputSpec& output : request.outputs)
    output::write_output(session.store(), std::span(&named, 1), output);
}

void write_result_files(const oci::Image& image, const BuildRequest& request) {
  if (!request.id_file.empty()) write_host_file(request.id_file, to_string(image.id()));
  if (request.metadata_file.empty()) return;
  json::object metadata;
  metadata["containerimage.config.digest"] = to_string(image.id());
  metadata["containerimage.digest"] = to_string(image.descriptor.digest);
  std::vector<std::string> names;
  for (const oci::Reference& name : request.names) names.push_back(oci::canonical_name(name));
  if (!names.empty()) metadata["image.name"] = join(names, ",");
  write_host_file(request.metadata_file, to_pretty_text(metadata) + '\n');
}

void tell_result(const oci::Image& image, const BuildRequest& request) {
  if (request.progress == "quiet") return print_line(to_string(image.id()));
  if (request.progress == "json") return;
  print_note(cat("image ", to_string(image.id())));
  for (const oci::Reference& name : request.names)
    print_note(cat("named ", oci::familiar_name(name)));
}

struct Planned {
  dockerfile::File file;
  plan::Plan plan;
  std::optional<Time> epoch;  ///< SOURCE_DATE_EPOCH
};

/// Everything between the plan and the image.
oci::Image build_plan(const Planned& planned, BuildSource& source, const BuildRequest& request,
                      Session& session, build::Observer& progress) {
  exec::Engine engine{session.store(), session.sandbox(),   session.pool(), {},
                      planned.epoch,   request.extra_hosts, request.offers, request.limits};
  const build::Options options{request.jobs, source.id(), engine.epoch};
  const auto open_place = [&](const plan::Origin& place, const build::Opening& opening) {
    return source.open_place(place, opening);
  };
  OutputTail tail;
  Observers observers({&progress, &tail});
  for (const std::string& note : source.notes()) observers.on_event(build::Notice{note});
  const Interrupts interrupts;
  try {
    return build::build(planned.plan, options, open_place, engine, observers, interrupts.token());
  } catch (const build::PlanError& error) {
    fail_plan(planned.file, error);
  } catch (const build::StepError& error) {
    fail_step(planned.file, error, tail.failed_lines());
  }
}

Planned make_request_plan(const PlanRequest& request, const BuildSource& source, Session& session) {
  Planned planned;
  planned.file = dockerfile::parse(source.dockerfile().text, source.dockerfile().name);
  plan::Options options = request.plan;
  planned.epoch = settle_epoch(planned.file, request.context, options);
  StoreImages images(session, request);
  std::vector<std::string> warnings;
  planned.plan = plan::make_plan(planned.file, options, images, &warnings);
  for (const std::string& warning : warnings) print_note(cat("warning: ", warning));
  if (const auto warning = frontend_warning(planned.file, options)) print_note(*warning);
  return planned;
}

}  // namespace

int run_build(Session& session, const Arguments& arguments) {
  const BuildRequest request = read_build_request(arguments);
  BuildSource source(request.plan, session);
  if (request.check) return run_check(request, source, session);
  const Planned planned = make_request_plan(request.plan, source, session);
  const auto progress =
      make_progress(request.progress, request.explain ? Reasons::all : Reasons::first);
  warn_before_build(planned.file, request, source, session, *progress);
  const oci::Image image = build_plan(planned, source, request, session, *progress);
  deliver(image, request, session);
  write_result_files(image, request);
  tell_result(image, request);
  return 0;
}

Syntax plan_syntax() {
  Syntax syntax{"strata plan [OPTIONS] CONTEXT", "Shows the steps that a build would take."};
  syntax.words_min = syntax.words_max = 1;
  add_plan_options(syntax);
  add_value(syntax, "format", "text, json or dot");
  return syntax;
}

int run_plan(Session& session, const Arguments& arguments) {
  const std::string format = arguments.text("format", "text");
  const PlanRequest request = read_plan_request(arguments);
  const BuildSource source(request, session);
  const Planned planned = make_request_plan(request, source, session);
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
