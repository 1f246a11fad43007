#include "sandbox/overlay.hpp"

#include <sched.h>
#include <sys/wait.h>

#include "sandbox/mounting.hpp"
#include "sandbox/namespaces.hpp"
#include "strata/base/error.hpp"
#include "strata/base/root.hpp"
#include "unit/sandbox/busybox_root.hpp"

using namespace strata;
using namespace strata::sandbox;

namespace {

/// Runs `body` in a child with mounts of its own, its working directory being `scratch`; true if it
/// did not throw and gave true.
template <class Body>
bool in_private_mounts(const fs::path& scratch, const Body& body) {
  const pid_t child = fork();
  if (child == 0) {
    int code = 1;
    try {
      if (unshare(CLONE_NEWNS) == 0 && chdir(scratch.c_str()) == 0) {
        make_mounts_private();
        code = body() ? 0 : 1;
      }
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
    }
    _exit(code);
  }
  int status = 0;
  return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// A hundred or more layers, each with a file of its own and all with one in common.
Layers make_layers(const fs::path& directory, int count) {
  Layers layers;
  for (int i = 0; i < count; ++i) {
    const fs::path layer = directory / cat("a-layer-with-a-long-name,and:marks\\", i);
    write_text(layer / cat("own", i), "x");
    write_text(layer / "common", cat(i));
    layers.lowers.push_back(layer);
  }
  layers.upper = directory / "upper";
  layers.work = directory / "work";
  for (const char* name : {"upper", "work", "scratch"}) fs::create_directories(directory / name);
  return layers;
}

bool shows_all(const Root& root, int count) {
  std::vector<std::string> expected = {"common"};
  for (int i = 0; i < count; ++i) expected.push_back(cat("own", i));
  std::sort(expected.begin(), expected.end());
  return root.list("") == expected && read_all(root.open_file("common").get(), 10, "common") == "0";
}

bool mounts_and_writes(const Layers& layers, int count, OverlayCall call) {
  const Root root(mount_overlay(layers, "root", DeviceNodes::refused, call));
  const bool complete = shows_all(root, count);
  root.create_file("written", 0644);
  return complete && fs::exists(layers.upper + "/written");
}

}  // namespace

TEST_CASE("hundreds of layers with odd names are laid over each other") {
  STRATA_NEEDS_SANDBOX();
  for (const OverlayCall call : {OverlayCall::best, OverlayCall::classic}) {
    TemporaryDirectory directory;
    const Layers layers = make_layers(directory.path(), 200);
    CHECK(in_private_mounts(directory.path() / "scratch",
                            [&] { return mounts_and_writes(layers, 200, call); }));
  }
}

TEST_CASE("498 layers beside the sandbox's own two are possible") {
  STRATA_NEEDS_SANDBOX();
  TemporaryDirectory directory;
  const Layers layers = make_layers(directory.path(), 500);
  CHECK(in_private_mounts(directory.path() / "scratch",
                          [&] { return mounts_and_writes(layers, 500, OverlayCall::best); }));
}

TEST_CASE("a layer that occurs twice counts where it lies higher") {
  STRATA_NEEDS_SANDBOX();
  TemporaryDirectory directory;
  Layers layers = make_layers(directory.path(), 3);
  layers.lowers.push_back(layers.lowers[0]);
  layers.lowers.push_back(layers.lowers[1]);
  CHECK(in_private_mounts(directory.path() / "scratch",
                          [&] { return mounts_and_writes(layers, 3, OverlayCall::best); }));
}

TEST_CASE("an overlay without an upper directory can be read") {
  STRATA_NEEDS_SANDBOX();
  TemporaryDirectory directory;
  Layers layers = make_layers(directory.path(), 3);
  layers.upper.clear();
  for (const OverlayCall call : {OverlayCall::best, OverlayCall::classic}) {
    const std::string name = call == OverlayCall::best ? "one" : "two";
    CHECK(in_private_mounts(directory.path() / "scratch", [&] {
      return shows_all(Root(mount_overlay(layers, name, DeviceNodes::refused, call)), 3);
    }));
  }
}

TEST_CASE("a layer that is missing is an error") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Spec spec = root.spec({"true"});
  spec.rootfs.lowers.push_back("/no/such/layer");
  Sandbox sandbox;
  CHECK_THROWS_WITH_AS(run(sandbox, spec), doctest::Contains("overlay"), Error);
}

TEST_CASE("a sandbox over 200 layers runs") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  for (int i = 0; i < 200; ++i) write_text(root.add_layer() / cat("file", i), "x");
  Sandbox sandbox;
  CHECK(run(sandbox, root.shell("ls / | grep -c file")).out == "200\n");
}

TEST_CASE("all files of a root are on one device") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Sandbox sandbox;
  const Result result = run(sandbox, root.shell("touch /new; stat -c %d / /etc /bin/busybox /new "
                                                "/root | sort | uniq | wc -l"));
  CHECK(result.out == "1\n");
}
