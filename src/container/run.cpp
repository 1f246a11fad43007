// The life of a container's process: from its record to a sandbox, joined to the caller's standard
// descriptors, and back to its record.

#include <unistd.h>

#include <algorithm>
#include <thread>

#include "container/image.hpp"
#include "container/input_pump.hpp"
#include "container/record.hpp"
#include "container/settings.hpp"
#include "container/stopper.hpp"
#include "container/terminal.hpp"
#include "strata/base/error.hpp"
#include "strata/base/stop.hpp"
#include "strata/base/worker_pool.hpp"
#include "strata/exec/rootfs.hpp"
#include "strata/exec/writable_layer.hpp"

namespace strata::container {

namespace {

exec::Rootfs rootfs_of(const store::Store& store, const oci::Image& image) {
  std::vector<oci::Layer> layers = image.layers();
  RootfsView view = store.layers().view(layers);
  return {std::move(layers), std::move(view)};
}

/// An image without layers stands on an empty directory.
sandbox::RootFs mounted(const Container& container, const exec::Rootfs& rootfs,
                        const store::Store& store, const store::WorkDirectory& work) {
  sandbox::RootFs mount;
  WorkerPool pool(std::max(1u, std::thread::hardware_concurrency()));
  mount.lowers = exec::overlay_lowers(rootfs, store, pool);
  if (mount.lowers.empty()) mount.lowers.push_back(cat(work.host_path(), "/empty"));
  mount.upper = cat(container.host_path, "/upper");
  mount.work = cat(container.host_path, "/work");
  return mount;
}

std::vector<sandbox::Mount> volume_mounts(const Wishes& wishes) {
  std::vector<sandbox::Mount> mounts;
  for (const Wishes::Volume& volume : wishes.volumes) {
    sandbox::Mount mount;
    mount.source = volume.host_path;
    mount.target = volume.target;
    mount.read_only = volume.read_only;
    mounts.push_back(std::move(mount));
  }
  return mounts;
}

/// What of a spec comes from settings and wishes; the root file system is the caller's to add.
sandbox::Spec make_spec(const Container& container, const oci::RunConfig& settings,
                        const exec::ResolvedUser& user) {
  sandbox::Spec spec;
  spec.argv = container.command;
  spec.env = environment_of(settings, container, user.home);
  spec.cwd = working_dir_of(settings);
  spec.identity = user.identity;
  spec.network = container.wishes.network;
  spec.hostname = hostname_of(container);
  spec.tty = container.wishes.tty;
  spec.mounts = volume_mounts(container.wishes);
  return spec;
}

sandbox::Spec prepare(const store::Store& store, const Container& container,
                      const store::WorkDirectory& work) {
  for (const char* name : {"scratch", "empty"}) work.root().make_directory(name, 0755);
  const oci::Image image = load_image(store, container.image);
  const exec::Rootfs rootfs = rootfs_of(store, image);
  const oci::RunConfig settings = lay_over(image.config.run, container.wishes);
  const auto user = exec::resolve_user(settings.user, exec::make_reader(rootfs, store));

  sandbox::Spec spec = make_spec(container, settings, user);
  spec.scratch_dir = cat(work.host_path(), "/scratch");
  spec.rootfs = mounted(container, rootfs, store, work);
  exec::prepare_upper(Root::open(spec.rootfs.upper), rootfs.view(), spec.cwd);
  return spec;
}

void write_out(sandbox::OutputStream stream, std::string_view text) {
  write_all(stream == sandbox::OutputStream::out ? STDOUT_FILENO : STDERR_FILENO, text);
}

sandbox::ExitStatus run_with_streams(sandbox::Sandbox& sandbox, const sandbox::Spec& spec,
                                     bool interactive, const std::stop_token& stop) {
  std::optional<InputPump> input;
  sandbox::Streams streams;
  streams.on_output = write_out;
  if (interactive) streams.in = input.emplace(STDIN_FILENO).read_end();
  sandbox::Process process = sandbox.start(spec, std::move(streams));
  const Stopper stopper(process, stop);
  if (input) input->start();
  return process.wait().status;
}

sandbox::ExitStatus run_with_terminal(sandbox::Sandbox& sandbox, const sandbox::Spec& spec,
                                      bool interactive, const std::stop_token& stop) {
  sandbox::Process process = sandbox.start(spec, {});
  const Stopper stopper(process, stop);
  join_terminals(process.console(), interactive ? STDIN_FILENO : -1, STDOUT_FILENO);
  return process.wait().status;
}

/// The record of a running container: says how it ended, and if nothing else is said, only that.
class Run {
 public:
  explicit Run(const Container& container) : record_(container) {
    record_.started = now();
    record_.runner = getpid();
    write_record(record_);
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run() {
    if (record_.finished) return;
    try {
      finish();
    } catch (const Error&) {
      // Without a finish in its record and a lock the container counts as killed, which it was.
    }
  }

  void end_with(const sandbox::ExitStatus& status) {
    record_.exit_code = status.code;
    record_.oom_killed = status.oom_killed;
    finish();
  }

 private:
  void finish() {
    record_.finished = now();
    write_record(record_);
  }

  Container record_;
};

void check_fresh(const Container& container) {
  const auto recorded = find_record({container.id, container.image, container.host_path});
  if (!recorded) fail(ErrorKind::not_found, "container ", container.name, " is gone");
  if (recorded->started)
    fail(ErrorKind::usage, "container ", container.name,
         " has run already, and a container runs once; make a new one from ",
         quoted(container.image_name));
}

void check_terminal(const Container& container, bool interactive) {
  if (interactive && container.wishes.tty && !isatty(STDIN_FILENO))
    fail(ErrorKind::usage,
         "standard input is no terminal, so none can be passed in; leave out the wish for a "
         "terminal (-t) to pass in a file or a pipe");
}

}  // namespace

sandbox::ExitStatus run(store::Store& store, sandbox::Sandbox& sandbox, const Container& container,
                        bool interactive, std::stop_token stop) {
  const auto lock = store.containers().try_run_lock(container.id);
  if (!lock) fail(ErrorKind::usage, "container ", container.name, " runs already");
  check_fresh(container);
  check_terminal(container, interactive);

  Run record(container);
  const store::WorkDirectory work = store.make_work_directory();
  const sandbox::Spec spec = prepare(store, container, work);
  throw_if_stopped(stop);
  const auto join = container.wishes.tty ? run_with_terminal : run_with_streams;
  const sandbox::ExitStatus status = join(sandbox, spec, interactive, stop);
  record.end_with(status);
  return status;
}

}  // namespace strata::container
