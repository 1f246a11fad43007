// `strata build`, `strata plan` and `strata parse`: the way of the data, one call per arrow.

#include <unistd.h>

#include <fcntl.h>
#include <boost/filesystem/path.hpp>

#include "base_images.hpp"
#include "build_checks.hpp"
#include "build_request.hpp"
#include "build_source.hpp"
#include "command.hpp"
#include "epoch.hpp"
#include "frontend.hpp"
#include "interrupts.hpp"
#include "offers.hpp"
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
#include "strata/registry/push.hpp"
#include "transfer_progress.hpp"

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

/// What a build gives: an image for each platform, and an index of them if there are several.
struct Result {
  std::vector<oci::Image> images;
  std::optional<oci::ImageIndex> index;

  const Digest& id() const { return index ? index->descriptor.digest : images.front().id(); }
  const Digest& digest() const {
    return index ? index->descriptor.digest : images.front().descriptor.digest;
  }
};

Result make_result(std::vector<oci::Image> images) {
  Result result;
  if (images.size() > 1) result.index = oci::make_index(images);
  result.images = std::move(images);
  return result;
}

/// To the registry of each of its names.
void push(const Result& result, const std::vector<oci::Reference>& names,
          const BuildRequest& request, Session& session) {
  RegistryAccess access(request.plan.registry);
  const Interrupts interrupts;
  for (const oci::Reference& name : names) {
    TransferProgress progress(make_progress(request.progress, Reasons::first), Direction::push);
    if (result.index)
      registry::push(access.registries(), session.store(), *result.index, name, progress,
                     interrupts.token());
    else
      registry::push(access.registries(), session.store(), result.images.front(), name, progress,
                     interrupts.token());
  }
}

void write(const Result& result, const output::OutputSpec& output, const BuildRequest& request,
           Session& session) {
  if (output.type == output::OutputType::registry)
    return push(result, output.names.empty() ? request.names : output.names, request, session);
  if (result.index)
    return output::write_output(session.store(), *result.index, request.names, output);
  const store::NamedImage named{result.images.front(), request.names};
  output::write_output(session.store(), std::span(&named, 1), output);
}

/// Gives the result its names and writes it where the outputs say.
void deliver(const Result& result, const BuildRequest& request, Session& session) {
  const store::Images& images = session.store().images();
  // Without a name and with another place to go, it need not be listed in the store.
  if (!request.names.empty() || request.outputs.empty()) {
    if (result.index)
      images.put(*result.index, request.names);
    else
      images.put(result.images.front(), request.names);
  }
  for (const output::OutputSpec& output : request.outputs) write(result, output, request, session);
}

void write_result_files(const Result& result, const BuildRequest& request) {
  if (!request.id_file.empty()) write_host_file(request.id_file, to_string(result.id()));
  if (request.metadata_file.empty()) return;
  json::object metadata;
  if (!result.index) metadata["containerimage.config.digest"] = to_string(result.id());
  metadata["containerimage.digest"] = to_string(result.digest());
  std::vector<std::string> names;
  for (const oci::Reference& name : request.names) names.push_back(oci::canonical_name(name));
  if (!names.empty()) metadata["image.name"] = join(names, ",");
  write_host_file(request.metadata_file, to_pretty_text(metadata) + '\n');
}

void tell_result(const Result& result, const BuildRequest& request) {
  if (request.progress == "quiet") return print_line(to_string(result.id()));
  if (request.progress == "json") return;
  for (const oci::Image& image : result.images)
    print_note(cat("image ", to_string(image.id()),
                   result.index ? cat(" for ", to_string(image.config.platform)) : ""));
  if (result.index) print_note(cat("index ", to_string(result.id())));
  for (const oci::Reference& name : request.names)
    print_note(cat("named ", oci::familiar_name(name)));
}

struct Planned {
  dockerfile::File file;
  plan::Plan plan;
  oci::Platform platform;
  std::optional<Time> epoch;  ///< SOURCE_DATE_EPOCH
};

build::Options build_options(const Planned& planned, const BuildSource& source,
                             const BuildRequest& request) {
  build::Options options{request.jobs, source.id(), planned.epoch, {}, 0};
  const std::string platform = to_string(planned.platform);
  // What another platform's build did explains nothing.
  if (planned.platform != oci::host_platform()) options.dockerfile_id += cat('\n', platform);
  if (request.plan.platforms.size() > 1) options.label = platform;
  return options;
}

/// Everything between the plan and the image.
oci::Image build_plan(const Planned& planned, const build::Options& options, BuildSource& source,
                      const BuildRequest& request, Session& session, build::Observer& progress) {
  exec::Engine engine{session.store(), session.sandbox(),   session.pool(), {},
                      planned.epoch,   request.extra_hosts, request.offers, request.limits};
  const auto open_place = [&](const plan::Origin& place, const build::Opening& opening) {
    return source.open_place(place, opening);
  };
  OutputTail tail;
  Observers observers({&progress, &tail});
  const Interrupts interrupts;
  try {
    return build::build(planned.plan, options, open_place, engine, observers, interrupts.token());
  } catch (const build::PlanError& error) {
    fail_plan(planned.file, error);
  } catch (const build::StepError& error) {
    fail_step(planned.file, error, tail.failed_lines());
  }
}

/// `progress` is how pulls of base images are shown.
Planned make_request_plan(const PlanRequest& request, const oci::Platform& platform,
                          BuildSource& source, Session& session, const std::string& progress) {
  Planned planned;
  planned.platform = platform;
  planned.file = dockerfile::parse(source.dockerfile().text, source.dockerfile().name);
  plan::Options options = request.plan;
  options.platform = platform;
  PulledImages images(session, request, progress);
  planned.epoch = settle_epoch(planned.file, options, images, source);
  std::vector<std::string> warnings;
  planned.plan = plan::make_plan(planned.file, options, images, &warnings);
  if (platform != request.platforms.front()) return planned;  // the others would say the same
  for (const std::string& warning : warnings) print_note(cat("warning: ", warning));
  if (const auto warning = frontend_warning(planned.file, options)) print_note(*warning);
  return planned;
}

/// All are planned before the first is built, so that no mistake costs a build.
std::vector<Planned> make_plans(const PlanRequest& request, BuildSource& source, Session& session,
                                const std::string& progress) {
  std::vector<Planned> plans;
  for (const oci::Platform& platform : request.platforms)
    plans.push_back(make_request_plan(request, platform, source, session, progress));
  return plans;
}

std::vector<oci::Image> build_plans(const std::vector<Planned>& plans, BuildSource& source,
                                    const BuildRequest& request, Session& session,
                                    build::Observer& progress) {
  for (const std::string& note : source.notes()) progress.on_event(build::Notice{note});
  std::vector<oci::Image> images;
  std::size_t stages = 0;
  for (const Planned& planned : plans) {
    build::Options options = build_options(planned, source, request);
    options.stages_before = stages;
    stages += planned.plan.stages.size();
    images.push_back(build_plan(planned, options, source, request, session, progress));
  }
  return images;
}

}  // namespace

int run_build(Session& session, const Arguments& arguments) {
  const BuildRequest request = read_build_request(arguments);
  BuildSource source(request.plan, session);
  if (request.check) return run_check(request, source, session);
  const std::vector<Planned> plans = make_plans(request.plan, source, session, request.progress);
  const auto progress =
      make_progress(request.progress, request.explain ? Reasons::all : Reasons::first);
  warn_before_build(plans.front().file, request, source, session, *progress);
  const Result result = make_result(build_plans(plans, source, request, session, *progress));
  deliver(result, request, session);
  write_result_files(result, request);
  tell_result(result, request);
  return 0;
}

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
  const Planned planned =
      make_request_plan(request, request.platforms.front(), source, session, "plain");
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
