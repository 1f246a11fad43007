#include "sandbox/user_mounts.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

#include "strata/base/error.hpp"
#include "unit/sandbox/busybox_root.hpp"

using namespace strata;
using namespace strata::sandbox;

namespace {

Mount mount_of(Mount::Kind kind, std::string target, std::string source = {}) {
  Mount mount;
  mount.kind = kind;
  mount.target = std::move(target);
  mount.source = std::move(source);
  return mount;
}

struct Fixture {
  BusyboxRoot root;
  fs::path source = root.path() / "source";
  Sandbox sandbox;
  int serial = 0;

  Fixture() { write_text(source / "file", "text\n"); }

  /// The source below an upper directory of its own.
  Mount layers_on(std::string target) {
    Mount mount = mount_of(Mount::Kind::layers, std::move(target));
    const fs::path place = root.path() / cat("layers", serial++);
    fs::create_directories(place / "upper");
    fs::create_directories(place / "work");
    mount.layers = {{source}, place / "upper", place / "work"};
    return mount;
  }

  std::string output(const std::string& script, std::vector<Mount> mounts) {
    root.fresh_upper();
    Spec spec = root.shell(script);
    spec.mounts = std::move(mounts);
    return run(sandbox, spec).out;
  }
};

}  // namespace

TEST_CASE("a directory is bound and writes reach the host unless it is read-only") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  Mount mount = mount_of(Mount::Kind::bind, "/mnt/deep/er", f.source);
  CHECK(f.output("cat /mnt/deep/er/file; echo new >/mnt/deep/er/new", {mount}) == "text\n");
  CHECK(read_text(f.source / "new") == "new\n");
  CHECK(f.root.written().empty());
  mount.read_only = true;
  CHECK(f.output("touch /mnt/deep/er/x 2>/dev/null || echo no", {mount}) == "no\n");
}

TEST_CASE("a file is bound where the image has none and where it has one") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  write_text(f.root.base() / "etc/config", "the image's\n");
  CHECK(f.output("cat /etc/config",
                 {mount_of(Mount::Kind::bind, "/etc/config", f.source / "file")}) == "text\n");
  CHECK(f.output("cat /run/x/config",
                 {mount_of(Mount::Kind::bind, "/run/x/config", f.source / "file")}) == "text\n");
  CHECK(f.root.written().empty());
}

TEST_CASE("a source can be a descriptor") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  const Fd directory(open(f.source.c_str(), O_PATH | O_CLOEXEC));
  const Fd file(open((f.source / "file").c_str(), O_PATH | O_CLOEXEC));
  Mount one = mount_of(Mount::Kind::bind, "/one");
  one.source_fd = directory.get();
  Mount two = mount_of(Mount::Kind::bind, "/two");
  two.source_fd = file.get();
  CHECK(f.output("cat /one/file /two", {one, two}) == "text\ntext\n");
}

TEST_CASE("writes to layers go to their upper directory") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  const Mount mount = f.layers_on("/src");
  chmod(mount.layers.upper.c_str(), 0750);
  CHECK(f.output("stat -c %a /src; cd /src; echo changed >file; echo new >new; cat file new",
                 {mount}) == "750\nchanged\nnew\n");
  CHECK(read_text(f.source / "file") == "text\n");
  CHECK(!fs::exists(f.source / "new"));
  CHECK(f.root.written().empty());
}

TEST_CASE("layers without an upper directory are laid over each other and cannot be written") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  write_text(f.root.path() / "over/file", "over\n");
  write_text(f.source / "below", "below\n");
  Mount mount = mount_of(Mount::Kind::layers, "/src");
  mount.layers.lowers = {f.root.path() / "over", f.source};
  CHECK(f.output("cat /src/file /src/below; touch /src/x 2>/dev/null || echo no", {mount}) ==
        "over\nbelow\nno\n");
}

TEST_CASE("a part of layers is a file or a directory and its links lead nowhere else") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  write_text(f.source / "deep/in/file", "deep\n");
  fs::create_directory_symlink("/deep/../../../deep", f.source / "link");
  fs::create_symlink("/etc/shadow", f.source / "out");
  Mount directory = f.layers_on("/d");
  directory.subpath = "link/in";
  CHECK(f.output("cat /d/file; ls /d", {directory}) == "deep\nfile\n");
  Mount file = f.layers_on("/f");
  file.subpath = "link/in/file";
  CHECK(f.output("cat /f; echo more >>/f; wc -l </f", {file}) == "deep\n2\n");
  CHECK(read_text(f.source / "deep/in/file") == "deep\n");
  file.subpath = "out";
  CHECK_THROWS_WITH_AS(f.output("cat /f", {file}), doctest::Contains("/f"), Error);
}

TEST_CASE("a device that is given can be used") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  f.root.fresh_upper();
  Spec spec = f.root.shell("stat -c '%a %u %g %F' /dev/sub/mine; head -c 3 /dev/sub/mine | wc -c");
  spec.devices = {{"/dev/sub/mine", S_IFCHR | 0640, makedev(1, 5), 11, 12}};
  CHECK(run(f.sandbox, spec).out == "640 11 12 character special file\n3\n");
  CHECK(f.root.written().empty());
}

TEST_CASE("limits and the size of shared memory are those asked for") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  f.root.fresh_upper();
  Spec spec = f.root.shell("ulimit -n; ulimit -Hn; grep /dev/shm /proc/mounts");
  spec.limits = {{RLIMIT_NOFILE, 100, 200}};
  spec.shm_size_max = 1 << 20;
  const std::string out = run(f.sandbox, spec).out;
  CHECK(out.starts_with("100\n200\n"));
  CHECK(out.find("size=1024k") != std::string::npos);
}

TEST_CASE("a tmpfs is empty and limited") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  fs::create_directories(f.root.base() / "cache/old");
  Mount mount = mount_of(Mount::Kind::tmpfs, "/cache");
  mount.mode = 01770;
  mount.uid = 12;
  mount.gid = 34;
  mount.size_max = 1 << 20;
  CHECK(f.output("ls /cache; stat -c '%a %u %g' /cache; "
                 "dd if=/dev/zero of=/cache/big bs=1M count=2 2>/dev/null || echo full",
                 {mount}) == "1770 12 34\nfull\n");
  CHECK(f.root.written().empty());
}

TEST_CASE("a secret is a file in memory with its owner and mode") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  Mount mount = mount_of(Mount::Kind::file, "/run/secrets/token");
  mount.content = std::string("top\0secret", 10);
  mount.mode = 0400;
  mount.uid = 1000;
  mount.read_only = true;
  CHECK(f.output("stat -c '%a %u' /run/secrets/token; wc -c </run/secrets/token", {mount}) ==
        "400 1000\n10\n");
  CHECK(f.root.written().empty());
}

TEST_CASE("a mount may lie in an earlier one") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  const std::vector<Mount> mounts = {mount_of(Mount::Kind::tmpfs, "/a"),
                                     mount_of(Mount::Kind::bind, "/a/b/c", f.source),
                                     mount_of(Mount::Kind::bind, "/dev/shm/f", f.source / "file")};
  CHECK(f.output("ls /a; cat /a/b/c/file /dev/shm/f", mounts) == "b\ntext\ntext\n");
  CHECK(f.root.written().empty());
}

TEST_CASE("links in a target are followed inside the root") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  fs::create_directory_symlink("/../../../../../../data", f.root.base() / "var");
  fs::create_directory(f.root.base() / "data");
  const Mount mount = mount_of(Mount::Kind::bind, "/var/lib", f.source);
  CHECK(f.output("cat /data/lib/file", {mount}) == "text\n");
  CHECK(!fs::exists("/data/lib"));
  CHECK(f.root.written().empty());
}

TEST_CASE("a mount that cannot be made is an error that names its target") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  const Mount missing = mount_of(Mount::Kind::bind, "/mnt", f.source / "missing");
  CHECK_THROWS_WITH_AS(f.output("true", {missing}), doctest::Contains("/mnt"), Error);
  write_text(f.root.base() / "etc/file", "");
  const Mount directory_on_file = mount_of(Mount::Kind::bind, "/etc/file", f.source);
  CHECK_THROWS_WITH_AS(f.output("true", {directory_on_file}), doctest::Contains("/etc/file"),
                       Error);
  const Mount below_file = mount_of(Mount::Kind::bind, "/etc/file/x", f.source);
  CHECK_THROWS_AS(f.output("true", {below_file}), Error);
  CHECK_THROWS_AS(f.output("true", {mount_of(Mount::Kind::tmpfs, "/")}), Error);
  CHECK_THROWS_AS(f.output("true", {mount_of(Mount::Kind::tmpfs, "/proc/missing")}), Error);
}

TEST_CASE("nothing in a mount is set-id or a device") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  const std::string mounts =
      f.output("cat /proc/mounts", {mount_of(Mount::Kind::bind, "/b", f.source),
                                    mount_of(Mount::Kind::tmpfs, "/t"), f.layers_on("/w")});
  for (const char* point : {" /b ", " /t ", " /w "}) {
    const auto at = mounts.find(point);
    REQUIRE(at != std::string::npos);
    CHECK(mounts.substr(at, mounts.find('\n', at) - at).find("nosuid,nodev") != std::string::npos);
  }
}

TEST_CASE("a mount made inside does not appear in the shared directory it was made in") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    // A host as systemd makes it, where mounts travel between namespaces.
    bool ok = unshare(CLONE_NEWNS) == 0 &&
              ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
              ::mount("none", f.source.c_str(), "tmpfs", 0, nullptr) == 0 &&
              ::mount(nullptr, f.source.c_str(), nullptr, MS_SHARED, nullptr) == 0;
    const std::string before = read_text("/proc/self/mounts");
    const Fd directory(open(f.source.c_str(), O_PATH | O_CLOEXEC));
    Mount by_fd = mount_of(Mount::Kind::bind, "/fd");
    by_fd.source_fd = directory.get();
    Spec spec = f.root.spec({"sleep", "0.2"});
    spec.mounts = {by_fd, mount_of(Mount::Kind::tmpfs, "/fd/below"),
                   mount_of(Mount::Kind::bind, "/path", f.source),
                   mount_of(Mount::Kind::tmpfs, "/path/below2")};
    Sandbox sandbox;
    Process process = sandbox.start(spec, {});
    ok = ok && read_text("/proc/self/mounts") == before && process.wait().status.ok();
    _exit(ok ? 0 : 1);
  }
  int status = 1;
  waitpid(child, &status, 0);
  CHECK(status == 0);
}
