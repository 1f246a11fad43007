#include "strata/sandbox/run.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sandbox/check.hpp"
#include "sandbox/describe.hpp"
#include "sandbox/helper.hpp"
#include "sandbox/message.hpp"
#include "sandbox/mounting.hpp"
#include "sandbox/namespaces.hpp"
#include "sandbox/pid_one.hpp"
#include "sandbox/process.hpp"
#include "strata/base/error.hpp"

namespace strata::sandbox {

namespace {

/// The sources given as descriptors, each as a mount attached nowhere: the sandbox, in a mount
/// namespace of its own, could not bind what a descriptor of this one refers to. In `spec` the
/// descriptors are replaced by their place in the list.
std::vector<Fd> detach_sources(Spec& spec) {
  std::vector<Fd> sources;
  for (Mount& mount : spec.mounts) {
    if (mount.source_fd < 0) continue;
    sources.push_back(clone_mount(mount.source_fd, "", Subtree::with_submounts));
    mount.source_fd = static_cast<int>(sources.size() - 1);
  }
  return sources;
}

/// A text in a nameless file.
Fd write_memory(const std::string& text) {
  Fd file(memfd_create("spec", MFD_CLOEXEC));
  if (!file) fail_errno("memfd_create");
  write_all(file.get(), text);
  return file;
}

Fd open_null() {
  Fd null(open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!null) fail_errno("open /dev/null");
  return null;
}

/// The process's ends of its standard descriptors. Borrowed ones are not owned by any member.
struct Standard {
  Fd null = open_null();
  Fd out_pipe;
  Fd err_pipe;
  int in = -1;
  int out = -1;
  int err = -1;
};

/// A pipe whose reading end stays here and does not block; returns the writing end.
Fd make_output_pipe(Fd& reading_end) {
  Pipe pipe = make_pipe();
  reading_end = std::move(pipe.read_end);
  if (fcntl(reading_end.get(), F_SETFL, O_NONBLOCK) != 0) fail_errno("set up an output pipe");
  return std::move(pipe.write_end);
}

int first_of(int wish, const Fd& pipe, const Fd& null) {
  if (wish >= 0) return wish;
  return pipe ? pipe.get() : null.get();
}

Standard connect(const Spec& spec, const Streams& streams, Process::State& state) {
  Standard standard;
  const bool has_callback = !spec.tty && streams.on_output;
  if (has_callback && streams.out < 0) standard.out_pipe = make_output_pipe(state.out);
  if (has_callback && streams.err < 0) standard.err_pipe = make_output_pipe(state.err);
  standard.in = first_of(streams.in, {}, standard.null);
  standard.out = first_of(streams.out, standard.out_pipe, standard.null);
  standard.err = first_of(streams.err, standard.err_pipe, standard.null);
  return standard;
}

/// Hands the request to the helper; what of it is ours alone is closed when this returns.
void send_request(const Helper& helper, Spec spec, const Streams& streams, Fd channel,
                  Process::State& state) {
  const std::vector<Fd> sources = detach_sources(spec);
  const Fd spec_file = write_memory(encode(spec));
  const Standard standard = connect(spec, streams, state);
  std::vector<int> fds = {channel.get(), spec_file.get(), standard.in, standard.out, standard.err};
  static_assert(request_channel == 0 && request_spec == 1 && request_in == 2 && request_out == 3 &&
                request_err == 4 && request_sources == 5);
  for (const Fd& source : sources) fds.push_back(source.get());
  if (fds.size() > packet_fds_max) {
    fail(ErrorKind::usage, sources.size(), " mounts of opened files for one process; at most ",
         packet_fds_max - request_sources, " are possible");
  }
  send_packet(helper.socket(), encode_namespaces(namespaces_for(spec)), fds);
}

void take_ready(Process::State& state) {
  Packet packet = receive_packet(state.channel.get());
  if (packet.is_end()) fail(ErrorKind::system, "the sandbox helper ended unexpectedly");
  Message message = decode_message(packet.bytes);
  if (const auto* failed = std::get_if<Failed>(&message)) throw_failure(*failed);
  state.stubs = std::move(std::get<Ready>(message).stubs);
  state.pidfd = std::move(packet.fds.at(0));
  if (packet.fds.size() > 1) state.console = std::move(packet.fds[1]);
}

}  // namespace

Sandbox::Sandbox() : launcher_(std::make_unique<Launcher>()) {}
Sandbox::~Sandbox() = default;

void Sandbox::prepare() { launcher_->helper(); }

Process Sandbox::start(const Spec& spec, Streams streams) {
  check_spec(spec);
  auto state = std::make_unique<Process::State>();
  SocketPair sockets = make_packet_sockets();
  state->channel = std::move(sockets.first);
  state->on_output = streams.on_output;
  state->oom = launcher_->oom();
  state->oom_kills_before = state->oom->kills();
  send_request(launcher_->helper(), spec, streams, std::move(sockets.second), *state);
  take_ready(*state);
  return Process(std::move(state));
}

Report Sandbox::run(const Spec& spec, Streams streams, std::stop_token stop) {
  return start(spec, std::move(streams)).wait(std::move(stop));
}

}  // namespace strata::sandbox
