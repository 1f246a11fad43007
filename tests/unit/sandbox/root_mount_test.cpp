#include "sandbox/root_mount.hpp"

#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include "strata/base/error.hpp"
#include "unit/sandbox/busybox_root.hpp"

using namespace strata;
using namespace strata::sandbox;

namespace {

Mount secret(const std::string& target) {
  Mount mount;
  mount.kind = Mount::Kind::file;
  mount.target = target;
  mount.content = "secret\n";
  return mount;
}

Result run_once(const Spec& spec) {
  Sandbox sandbox;
  return run(sandbox, spec);
}

void make_whiteout(const fs::path& path) {
  REQUIRE(mknod(path.c_str(), S_IFCHR | 0600, makedev(0, 0)) == 0);
}

void make_opaque(const fs::path& directory) {
  fs::create_directories(directory);
  REQUIRE(setxattr(directory.c_str(), "trusted.overlay.opaque", "y", 1, 0) == 0);
}

}  // namespace

TEST_CASE("a process that writes nothing leaves nothing") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  fs::remove_all(root.base() / "etc");
  const Report report = run_once(root.spec({"true"})).report;
  CHECK(root.written().empty());
  CHECK(listxattr(root.upper().c_str(), nullptr, 0) <= 0);
  CHECK(report.stubs ==
        std::vector<std::string>{"dev", "etc", "etc/hosts", "etc/resolv.conf", "proc", "sys"});
}

TEST_CASE("a directory that exists only for a mount point becomes real when it is written to") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  fs::remove_all(root.base() / "etc");
  run_once(root.shell("echo x >/etc/foo"));
  CHECK(root.written() == std::vector<std::string>{"etc", "etc/foo"});
  CHECK((fs::status(root.upper() / "etc").permissions() & fs::perms::mask) ==
        static_cast<fs::perms>(0755));
}

TEST_CASE("writes hard links and whiteouts appear in the upper directory") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  write_text(root.base() / "srv/old", "old");
  run_once(root.shell("echo new >/srv/new; ln /srv/new /srv/link; rm /srv/old"));
  CHECK(root.written() == std::vector<std::string>{"srv", "srv/link", "srv/new", "srv/old"});
  CHECK(fs::hard_link_count(root.upper() / "srv/new") == 2);
  struct stat status {};
  REQUIRE(lstat((root.upper() / "srv/old").c_str(), &status) == 0);
  CHECK((S_ISCHR(status.st_mode) && status.st_rdev == 0));
}

TEST_CASE("an upper directory can be the next sandbox's lower") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  const fs::path first = root.upper();
  run_once(root.shell("mkdir -p /srv/a; echo 1 >/srv/a/f; rm /bin/id"));
  fs::rename(first, root.add_layer());
  root.fresh_upper();
  CHECK(run_once(root.shell("cat /srv/a/f; test -e /bin/id || echo gone")).out == "1\ngone\n");
}

TEST_CASE("mount points are found below opaque directories and whiteouts without a trace") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  const fs::path layer = root.add_layer();
  make_opaque(layer / "etc");
  chmod((layer / "etc").c_str(), 0711);
  REQUIRE(lchown((layer / "etc").c_str(), 5, 6) == 0);
  make_whiteout(layer / "root");
  Spec spec = root.shell(
      "stat -c '%a %u %g %Y' /etc; cat /etc/hosts >/dev/null && echo hosts; "
      "cat /root/.cache/x");
  spec.mounts = {secret("/root/.cache/x")};
  struct stat status {};
  REQUIRE(stat((layer / "etc").c_str(), &status) == 0);
  const Result result = run_once(spec);
  CHECK(result.out == cat("711 5 6 ", status.st_mtim.tv_sec, "\nhosts\nsecret\n"));
  CHECK(root.written().empty());
  CHECK(std::find(result.report.stubs.begin(), result.report.stubs.end(), "root/.cache/x") !=
        result.report.stubs.end());
}

TEST_CASE("a covered directory that is written to keeps the image's attributes") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  const fs::path layer = root.add_layer();
  make_opaque(layer / "etc");
  REQUIRE(lchown((layer / "etc").c_str(), 5, 6) == 0);
  write_text(layer / "etc/name", "x");
  run_once(root.shell("echo x >/etc/foo; rm /etc/name"));
  CHECK(root.written() == std::vector<std::string>{"etc", "etc/foo", "etc/name"});
  struct stat status {};
  REQUIRE(stat((root.upper() / "etc").c_str(), &status) == 0);
  CHECK(status.st_uid == 5);
  CHECK(status.st_gid == 6);
}

TEST_CASE("a resolver file that is a link to nowhere is mounted where the link leads") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  fs::create_symlink("../run/systemd/resolve/stub-resolv.conf", root.base() / "etc/resolv.conf");
  Spec spec = root.shell("cat /etc/resolv.conf");
  CHECK(run_once(spec).out == read_text("/etc/resolv.conf"));
  CHECK(root.written().empty());
}

TEST_CASE("links that go in circles are an error") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  fs::create_symlink("resolv.conf", root.base() / "etc/resolv.conf");
  Sandbox sandbox;
  CHECK_THROWS_AS(run(sandbox, root.spec({"true"})), Error);
}

TEST_CASE("a process can run on nothing but its own mounts") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Spec spec = root.spec({"/tool/busybox", "true"});
  spec.rootfs.lowers.clear();
  Mount tool;
  tool.source = root.base() / "bin";
  tool.target = "/tool";
  spec.mounts = {tool};
  CHECK(run_once(spec).report.status.ok());
  CHECK(root.written().empty());
}

TEST_CASE("a second process sees what the first one wrote to the same upper directory") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  run_once(root.shell("mkdir -p /root/a; echo kept >/root/a/f; rm /bin/id"));
  Spec spec = root.shell("cat /root/a/f; test -e /bin/id || echo gone");
  spec.rootfs.work = (root.path() / "work-of-second").string();
  fs::create_directory(spec.rootfs.work);
  CHECK(run_once(spec).out == "kept\ngone\n");
}
