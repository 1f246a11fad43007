#include "container/stopper.hpp"

#include <signal.h>

#include <chrono>

#include "unit/container/busybox_store.hpp"

using namespace strata;
using namespace strata::container;
using namespace std::chrono_literals;

namespace {

/// How a shell ends that is asked to stop as soon as it has written its first output.
sandbox::ExitStatus stop_shell(const std::string& script, std::chrono::milliseconds grace) {
  test::BusyboxStore box;
  const auto image = box.store().images().at("box").image;
  sandbox::Spec spec;
  spec.rootfs.lowers = {box.store().layers().unpacked_path(image.layers().front())};
  for (const char* name : {"upper", "work", "scratch"})
    box.scratch().root().make_directory(name, 0755);
  spec.rootfs.upper = box.scratch().path() + "/upper";
  spec.rootfs.work = box.scratch().path() + "/work";
  spec.scratch_dir = box.scratch().path() + "/scratch";
  spec.argv = {"sh", "-c", script};

  std::stop_source stop;
  sandbox::Sandbox sandbox;
  sandbox::Streams streams;
  streams.on_output = [&stop](sandbox::OutputStream, std::string_view) { stop.request_stop(); };
  sandbox::Process process = sandbox.start(spec, std::move(streams));
  const Stopper stopper(process, stop.get_token(), grace);
  return process.wait().status;
}

constexpr const char* sleep_on = "; echo ready; while :; do sleep 0.05; done";

}  // namespace

TEST_CASE("a process that ignores the interrupt is killed when its grace is over") {
  STRATA_NEEDS_CONTAINERS();
  CHECK(stop_shell(cat("trap '' INT", sleep_on), 200ms).code == 128 + SIGKILL);
}

TEST_CASE("a process that heeds the interrupt is not waited for") {
  STRATA_NEEDS_CONTAINERS();
  const auto start = std::chrono::steady_clock::now();
  CHECK(stop_shell(cat("true", sleep_on), 60s).code == 128 + SIGINT);
  CHECK(std::chrono::steady_clock::now() - start < 30s);
}
