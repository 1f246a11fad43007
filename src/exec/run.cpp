/// RUN as a step: the process runs over the unpacked layers of what it finds; what it left in the
/// overlay's upper directory is described, written as a layer, and that directory becomes the
/// layer's unpacked form.

#include <algorithm>

#include "devices.hpp"
#include "draft.hpp"
#include "mount_sources.hpp"
#include "operations.hpp"
#include "run_mounts.hpp"
#include "run_spec.hpp"
#include "strata/base/error.hpp"
#include "strata/base/json.hpp"
#include "strata/base/text.hpp"
#include "strata/exec/rootfs.hpp"
#include "strata/exec/writable_layer.hpp"
#include "upper.hpp"
#include "upper_diff.hpp"

namespace strata::exec {

namespace {

constexpr const char* upper_name = "upper";

std::string_view name_of(plan::RunProcess::Network network) {
  switch (network) {
    case plan::RunProcess::Network::standard:
      return "default";
    case plan::RunProcess::Network::none:
      return "none";
    case plan::RunProcess::Network::host:
      return "host";
  }
  return {};
}

[[noreturn]] void fail_process(const plan::RunProcess& step, const sandbox::ExitStatus& status) {
  std::string message = cat("process ", quoted(join(step.argv, " ")),
                            " did not complete successfully: exit code: ", status.code);
  if (status.oom_killed) message += ": cannot allocate memory";
  Error error(ErrorKind::step_failed, message);
  if (status.oom_killed)
    error.note("the machine ran out of memory, and the kernel killed a process of the step");
  else if (status.signal != 0)
    error.note(cat("it was ended by signal ", status.signal));
  throw error;
}

class RunOperation : public Operation {
 public:
  RunOperation(const plan::RunProcess& step, const Rootfs& parent, const FindOrigin& find_origin,
               Engine& engine);

  const plan::Ingredients& ingredients() const override { return ingredients_; }
  const NamedTrees* sources() const override { return &trees_; }
  std::unique_ptr<Draft> execute(const Reporter& reporter, std::stop_token stop) override;

 private:
  void add_env();
  void add_devices_and_limits();
  sandbox::Spec spec_in(const store::WorkDirectory& work, const SpanScope& spans) const;
  void run(const store::WorkDirectory& work, const Reporter& reporter, const std::stop_token& stop);
  std::unique_ptr<Draft> write_upper(store::WorkDirectory work, const Reporter& reporter,
                                     const std::stop_token& stop);

  const plan::RunProcess& step_;
  const Rootfs& parent_;
  Engine& engine_;
  MountSources sources_;
  NamedTrees trees_;
  plan::Ingredients ingredients_;
};

RunOperation::RunOperation(const plan::RunProcess& step, const Rootfs& parent,
                           const FindOrigin& find_origin, Engine& engine)
    : step_(step),
      parent_(parent),
      engine_(engine),
      sources_(find_mount_sources(step, find_origin)) {
  const auto& chain = parent.chain();
  json::array argv;
  for (const std::string& argument : step.argv) argv.emplace_back(argument);
  ingredients_.add("argv", to_text(argv));
  ingredients_.add("parent", chain ? to_string(*chain) : "");
  add_env();
  ingredients_.add("user", step.user);
  ingredients_.add("working directory", step.working_dir);
  ingredients_.add("network", std::string(name_of(step.network)));
  if (step.security == plan::RunProcess::Security::insecure)
    ingredients_.add("security", "insecure");
  if (step.script) ingredients_.add("script", step.script->content);
  add_mount_ingredients(step, sources_, ingredients_, trees_);
  add_devices_and_limits();
}

/// What they are on this machine is not asked: a step that is cached needs no device.
void RunOperation::add_devices_and_limits() {
  std::string devices;
  for (const plan::Device& device : step_.devices) devices += cat(device.name, "\n");
  if (!devices.empty()) ingredients_.add("devices", devices);
  std::string limits;
  for (const auto& [resource, soft, hard] : engine_.limits.resources)
    limits += cat(resource, "=", soft, ":", hard, "\n");
  if (!limits.empty()) ingredients_.add("limits", limits);
  if (const auto size = engine_.limits.shm_size_max) ingredients_.add("shm size", cat(*size));
}

/// A name that is there twice is an ingredient twice: a process may see either.
void RunOperation::add_env() {
  for (const std::string& variable : step_.env) {
    const std::size_t equals = std::min(variable.find('='), variable.size());
    std::string name = cat("env ", variable.substr(0, equals));
    const std::string value = variable.substr(std::min(equals + 1, variable.size()));
    while (!ingredients_.try_add(name, value)) name += '=';
  }
}

std::unique_ptr<Draft> RunOperation::execute(const Reporter& reporter, std::stop_token stop) {
  store::WorkDirectory work = engine_.store.make_work_directory();
  for (const char* name : {upper_name, "work", "scratch", "empty"})
    work.root().make_directory(name, 0755);
  prepare_upper(work.root().open_directory(upper_name), parent_.view(), step_.working_dir);
  run(work, reporter, stop);
  return write_upper(std::move(work), reporter, stop);
}

sandbox::Spec RunOperation::spec_in(const store::WorkDirectory& work,
                                    const SpanScope& spans) const {
  const auto inside = [&](std::string_view name) { return cat(work.host_path(), "/", name); };
  const auto user = resolve_user(step_.user, make_reader(parent_, engine_.store));
  sandbox::Spec spec = make_spec(step_, user);
  spec.extra_hosts = engine_.extra_hosts;
  spec.limits = engine_.limits.resources;
  if (const auto size = engine_.limits.shm_size_max) spec.shm_size_max = *size;
  add_devices(step_.devices, engine_.device_directories, spec);
  spec.scratch_dir = inside("scratch");
  const SpanTimer timer(spans, "unpack");
  spec.rootfs.lowers = overlay_lowers(parent_, engine_.store, engine_.pool);
  if (spec.rootfs.lowers.empty()) spec.rootfs.lowers.push_back(inside("empty"));
  spec.rootfs.upper = inside(upper_name);
  spec.rootfs.work = inside("work");
  return spec;
}

void RunOperation::run(const store::WorkDirectory& work, const Reporter& reporter,
                       const std::stop_token& stop) {
  sandbox::Spec spec = spec_in(work, reporter.spans);
  const HeldMounts held = set_up_mounts(step_, sources_, work, engine_, reporter, stop, spec);
  sandbox::Streams streams;
  streams.on_output = reporter.output;
  SpanTimer timer(reporter.spans, "run");
  const sandbox::Report report = engine_.sandbox.run(spec, std::move(streams), stop);
  timer.count("memory", report.memory_peak);
  if (!report.status.ok()) fail_process(step_, report.status);
}

std::unique_ptr<Draft> RunOperation::write_upper(store::WorkDirectory work,
                                                 const Reporter& reporter,
                                                 const std::stop_token& stop) {
  const Root upper = work.root().open_directory(upper_name);
  const auto open = [&](const std::string& path) {
    return std::make_unique<FdSource>(upper.open_file(path, O_RDONLY | O_NOFOLLOW, Links::keep));
  };
  const auto digest_file = [&](const std::string& path) {
    return ContentDigest(digest_of(*open(path)));
  };
  const auto diff = [&] {
    const SpanTimer timer(reporter.spans, "diff");
    const std::vector<UpperFile> files = read_upper(upper);
    Tree changes = diff_upper(files, parent_.view(), newest_mtime(engine_), digest_file);
    settle_upper(upper, files, changes);
    return changes;
  };
  Tree tree = diff();
  dress_root(upper, parent_.view());

  std::string host_path = cat(work.host_path(), "/", upper_name);
  return write_draft(
      std::move(tree), [&](const Entry& entry) { return open(entry.path); }, engine_, reporter,
      stop, nullptr, UnpackedForm{std::move(work), std::move(host_path)});
}

}  // namespace

std::unique_ptr<Operation> prepare_run(const plan::RunProcess& step, const Rootfs& parent,
                                       const FindOrigin& find_origin, Engine& engine) {
  return std::make_unique<RunOperation>(step, parent, find_origin, engine);
}

}  // namespace strata::exec
