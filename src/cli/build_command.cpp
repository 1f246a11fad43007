// `strata build`: the way of the data, one call per arrow.

#include <mutex>

#include "base_images.hpp"
#include "build_checks.hpp"
#include "build_plans.hpp"
#include "build_request.hpp"
#include "build_result.hpp"
#include "build_source.hpp"
#include "command.hpp"
#include "interrupts.hpp"
#include "print.hpp"
#include "progress.hpp"
#include "shared_cache.hpp"
#include "strata/base/error.hpp"
#include "strata/base/text.hpp"
#include "strata/build/builder.hpp"
#include "strata/dockerfile/finding.hpp"
#include "timings.hpp"

namespace strata::cli {

namespace {

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

build::Options build_options(const Planned& planned, const BuildSource& source,
                             const BuildRequest& request) {
  build::Options options{request.jobs, source.id(), planned.epoch, {}, 0};
  const std::string platform = to_string(planned.platform);
  // What another platform's build did explains nothing.
  if (planned.platform != oci::host_platform()) options.dockerfile_id += cat('\n', platform);
  if (request.plan.platforms.size() > 1) options.label = platform;
  return options;
}

/// One build of a request, from its plans to where its result goes.
class BuildRun {
 public:
  BuildRun(const BuildRequest& request, BuildSource& source, Session& session)
      : request_(request),
        source_(source),
        session_(session),
        access_(request.plan.registry),
        shared_(
            request.shared_cache, request.plan.platforms, access_, session,
            [this](const std::string& text) { tell(text); }, interrupts_.token()) {}

  void run() {
    for (;;) {
      try {
        build_and_deliver();
        return tell_timings();
      } catch (const store::PromiseBroken& broken) {
        shared_.give_up(broken);
      }
    }
  }

 private:
  void build_and_deliver();
  std::vector<Planned> plan();
  void hand_on(const Result& result, const std::vector<build::Built>& built);
  std::vector<build::Built> build_all(const std::vector<Planned>& plans);
  build::Built build_one(const Planned& planned, const build::Options& options);
  exec::Engine make_engine(const Planned& planned);

  /// From any thread.
  void tell(const std::string& text) {
    const std::lock_guard lock(mutex_);
    if (progress_)
      progress_->on_event(build::Notice{text});
    else
      print_note(text);
  }
  void show(const build::Event& event) {
    const std::lock_guard lock(mutex_);
    progress_->on_event(event);
  }

  const BuildRequest& request_;
  BuildSource& source_;
  Session& session_;
  RegistryAccess access_;
  Interrupts interrupts_;
  /// Work that is no step's.
  SpanScope own_spans() { return {spans(), {}}; }
  SpanLog* spans() { return request_.notes_spans() ? &span_log_ : nullptr; }
  void tell_timings();

  SpanLog span_log_;
  std::mutex mutex_;
  std::unique_ptr<build::Observer> progress_;
  SharedCache shared_;
};

void BuildRun::tell_timings() {
  if (!request_.notes_spans()) return;
  const std::vector<Span> all = span_log_.take();
  if (!request_.trace_file.empty()) write_host_file(request_.trace_file, trace_json(all));
  progress_.reset();
  if (request_.timings) print_note(timings_table(all));
}

std::vector<Planned> BuildRun::plan() {
  const SpanScope scope = own_spans();
  const SpanTimer timer(scope, "plan");
  PulledImages images(session_, request_.plan, access_, request_.progress, interrupts_.token(),
                      shared_.imports());
  return make_plans(request_.plan, source_, images);
}

void BuildRun::hand_on(const Result& result, const std::vector<build::Built>& built) {
  const SpanScope scope = own_spans();
  {
    const SpanTimer timer(scope, "deliver");
    deliver(result, request_, access_, session_, interrupts_.token());
  }
  const SpanTimer timer(scope, "share");
  shared_.keep(built);
  shared_.send(built);
}

void BuildRun::build_and_deliver() {
  const std::vector<Planned> plans = plan();
  progress_ = make_progress(request_.progress, request_.explain ? Reasons::all : Reasons::first);
  warn_before_build(plans.front().file, request_, source_, session_, *progress_);
  const std::vector<build::Built> built = build_all(plans);
  std::vector<oci::Image> finished;
  for (const build::Built& one : built) finished.push_back(shared_.finish(one));
  const Result result = make_result(std::move(finished));
  hand_on(result, built);
  write_result_files(result, request_);
  tell_result(result, request_);
}

std::vector<build::Built> BuildRun::build_all(const std::vector<Planned>& plans) {
  for (const std::string& note : source_.notes()) show(build::Notice{note});
  std::vector<build::Built> built;
  std::size_t stages = 0;
  for (const Planned& planned : plans) {
    build::Options options = build_options(planned, source_, request_);
    options.stages_before = stages;
    options.spans = spans();
    stages += planned.plan.stages.size();
    built.push_back(build_one(planned, options));
  }
  return built;
}

exec::Engine BuildRun::make_engine(const Planned& planned) {
  exec::Engine engine{session_.store(), session_.sandbox(),   session_.pool(), {},
                      planned.epoch,    request_.extra_hosts, request_.offers, request_.limits};
  if (auto* imports = shared_.imports())
    engine.fetch_cache_mount = [imports](const Digest& id, const Root& data) {
      return imports->fill_mount(id, data);
    };
  return engine;
}

build::Built BuildRun::build_one(const Planned& planned, const build::Options& options) {
  exec::Engine engine = make_engine(planned);
  const auto open_place = [&](const plan::Origin& place, const build::Opening& opening) {
    return source_.open_place(place, opening);
  };
  OutputTail tail;
  CallbackObserver shown([this](const build::Event& event) { show(event); });
  Observers observers({&shown, &tail});
  try {
    return build::build(planned.plan, options, open_place, engine, shared_.imports(), observers,
                        interrupts_.token());
  } catch (const build::PlanError& error) {
    fail_plan(planned.file, error);
  } catch (const build::StepError& error) {
    fail_step(planned.file, error, tail.failed_lines());
  }
}

}  // namespace

int run_build(Session& session, const Arguments& arguments) {
  const BuildRequest request = read_build_request(arguments);
  BuildSource source(request.plan, session);
  if (request.check) return run_check(request, source, session);
  BuildRun(request, source, session).run();
  return 0;
}

}  // namespace strata::cli
