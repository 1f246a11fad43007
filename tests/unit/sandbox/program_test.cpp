#include "sandbox/program.hpp"

#include "strata/base/error.hpp"
#include "unit/sandbox/busybox_root.hpp"

using namespace strata;
using namespace strata::sandbox;

namespace {

Result run_once(const Spec& spec) {
  Sandbox sandbox;
  return run(sandbox, spec);
}

}  // namespace

TEST_CASE("the environment is exactly the one given") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Spec spec = root.spec({"/bin/env"});
  spec.env = {"B=2", "A=with blanks and\nlines", "EMPTY="};
  CHECK(run_once(spec).out == "B=2\nA=with blanks and\nlines\nEMPTY=\n");
}

TEST_CASE("arguments arrive byte for byte") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  CHECK(run_once(root.spec({"echo", "-n", "", "a b", "\"$x\" \xff"})).out == " a b \"$x\" \xff");
}

TEST_CASE("a program that is not there gives 127 and says where it was looked for") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  const Result by_name = run_once(root.spec({"no-such-program"}));
  CHECK(by_name.report.status.code == 127);
  CHECK(by_name.err == "strata: \"no-such-program\": not found in PATH (/bin)\n");
  root.fresh_upper();
  const Result by_path = run_once(root.spec({"/no/such"}));
  CHECK(by_path.report.status.code == 127);
  CHECK(by_path.err == "strata: \"/no/such\": no such file\n");
}

TEST_CASE("a missing interpreter gives 127 and is named as the cause") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  write_text(root.base() / "bin/script", "#!/no/such/interpreter\n");
  chmod((root.base() / "bin/script").c_str(), 0755);
  const Result result = run_once(root.spec({"script"}));
  CHECK(result.report.status.code == 127);
  CHECK(result.err.find("interpreter") != std::string::npos);
}

TEST_CASE("what cannot be executed gives 126") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  write_text(root.base() / "bin/data", "no program\n");
  CHECK(run_once(root.spec({"data"})).report.status.code == 126);
  root.fresh_upper();
  CHECK(run_once(root.spec({"/bin/data"})).report.status.code == 126);
  root.fresh_upper();
  CHECK(run_once(root.spec({"/etc"})).report.status.code == 126);
  chmod((root.base() / "bin/data").c_str(), 0755);
  root.fresh_upper();
  const Result result = run_once(root.spec({"data"}));
  CHECK(result.report.status.code == 126);
  CHECK(result.err.find("not a program for this machine") != std::string::npos);
}

TEST_CASE("a later directory of PATH is tried when an earlier file cannot be executed") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  write_text(root.base() / "first/echo", "not executable");
  Spec spec = root.spec({"echo", "found"});
  spec.env = {"PATH=/missing:/first:/bin"};
  CHECK(run_once(spec).out == "found\n");
}

TEST_CASE("without PATH the usual directories are searched") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Spec spec = root.spec({"echo", "found"});
  spec.env = {};
  CHECK(run_once(spec).out == "found\n");
}

TEST_CASE("an image cannot have the engine's own program run") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  fs::create_symlink("/proc/self/exe", root.base() / "bin/program");
  CHECK(run_once(root.spec({"program"})).report.status.code == 126);
}

TEST_CASE("the process starts in its working directory") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  fs::create_directories(root.base() / "srv/app");
  fs::create_directory_symlink("/srv/app", root.base() / "link");
  Spec spec = root.spec({"pwd"});
  spec.cwd = "/srv/app";
  CHECK(run_once(spec).out == "/srv/app\n");
  spec = (root.fresh_upper(), root.spec({"pwd"}));
  spec.cwd = "/link";
  CHECK(run_once(spec).out == "/srv/app\n");
}

TEST_CASE("a working directory through a descriptor of /proc is refused") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  for (int fd = 0; fd < 12; ++fd) {
    root.fresh_upper();
    Spec spec = root.spec({"pwd"});
    spec.cwd = cat("/proc/self/fd/", fd);
    Sandbox sandbox;
    CHECK_THROWS_AS(run(sandbox, spec), Error);
  }
}

TEST_CASE("a working directory that is missing is an error that names it") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Spec spec = root.spec({"pwd"});
  spec.cwd = "/missing";
  Sandbox sandbox;
  CHECK_THROWS_WITH_AS(run(sandbox, spec), doctest::Contains("working directory \"/missing\""),
                       Error);
}

TEST_CASE("no descriptor but the standard ones is open") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  // The listing itself has the directory open.
  CHECK(run_once(root.spec({"ls", "/proc/self/fd"})).out == "0\n1\n2\n3\n");
}
