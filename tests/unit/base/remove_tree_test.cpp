// Removing trees that others have built.

#include <doctest/doctest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <thread>

#include "strata/base/error.hpp"
#include "strata/base/root.hpp"
#include "unit/base/forbidden_call.hpp"
#include "unit/scratch_directory.hpp"

using namespace strata;
using test::ScratchDirectory;
using Names = std::vector<std::string>;

namespace {

/// A tower of directories `d/d/d/…`, made by descriptors as no path could name it.
void build_tower(const Root& root, int height) {
  Root here = root.clone();
  for (int i = 0; i < height; ++i) {
    here.make_directory("d", 0755);
    here.create_file("file", 0644);
    here = here.open_directory("d");
  }
}

}  // namespace

TEST_CASE("a tree goes with all that is in it and links are not followed") {
  const ScratchDirectory scratch;
  const Root& root = scratch.root();
  scratch.write("keep/file", "text");
  scratch.write("tree/a/b/c", "");
  scratch.write("tree/.hidden", "");
  root.make_directories("tree/empty");
  root.make_symlink("tree/out", "../keep");
  root.make_symlink("tree/a/abs", scratch.path() + "/keep");
  root.make_node("tree/a/fifo", S_IFIFO | 0600, 0);
  remove_tree(scratch.fd(), "tree");
  remove_tree(scratch.fd(), "none");
  CHECK(root.list("") == Names{"keep"});
  CHECK(scratch.read("keep/file") == "text");
}

TEST_CASE("a link or a file of that name is itself removed") {
  const ScratchDirectory scratch;
  scratch.write("keep/file", "text");
  scratch.root().make_symlink("link", "keep");
  remove_tree(scratch.fd(), "link");
  remove_tree(scratch.fd(), "keep/file");
  CHECK(scratch.root().list("") == Names{"keep"});
  CHECK(scratch.root().list("keep").empty());
}

TEST_CASE("a tower deeper than any path can name goes with few descriptors") {
  const ScratchDirectory scratch;
  scratch.root().make_directory("tower", 0755);
  build_tower(scratch.root().open_directory("tower"), 2500);
  const int status = test::in_child([&] {
    const rlimit few{32, 32};
    ::setrlimit(RLIMIT_NOFILE, &few);
    remove_tree(scratch.fd(), "tower");
    return scratch.root().list("").empty();
  });
  CHECK(status == 0);
}

TEST_CASE("a plain user removes what he has locked himself out of") {
  const ScratchDirectory scratch;
  scratch.root().make_directory("his", 0777);
  if (::geteuid() == 0) REQUIRE(::fchownat(scratch.fd(), "his", 4242, 4242, 0) == 0);
  const Root his = scratch.root().open_directory("his");
  const int status = test::in_child([&] {
    if (::geteuid() == 0 && ::setresuid(4242, 4242, 4242) != 0) return false;
    his.make_directories("tree/none/deep");
    his.create_file("tree/none/deep/file", 0000);
    his.make_directories("tree/list_only");
    his.create_file("tree/list_only/file", 0644);
    for (const auto& [path, mode] : {std::pair("tree/none/deep", 0000),
                                     {"tree/none", 0000},
                                     {"tree/list_only", 0444},
                                     {"tree", 0500}}) {
      if (::fchmodat(his.fd(), path, static_cast<mode_t>(mode), 0) != 0) return false;
    }
    remove_tree(his.fd(), "tree");
    return his.list("").empty();
  });
  CHECK(status == 0);
}

TEST_CASE("a mounted file system below stops the removal and stays whole") {
  for (const bool without_openat2 : {false, true}) {
    const ScratchDirectory scratch;
    scratch.write("keep/file", "text");
    scratch.root().make_directories("tree/a/mounted");
    const std::string path = scratch.path();
    bool mounted = true;
    const int status = test::in_child([&] {
      mounted = ::unshare(CLONE_NEWNS) == 0 &&
                ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
      if (!mounted) ::_exit(77);
      // Without openat2 only another file system can be told from this one.
      const int failed = without_openat2
                             ? ::mount("none", (path + "/tree/a/mounted").c_str(), "tmpfs", 0, "")
                             : ::mount((path + "/keep").c_str(), (path + "/tree/a/mounted").c_str(),
                                       "", MS_BIND, nullptr);
      if (failed) ::_exit(77);
      if (without_openat2 && !test::forbid_call(SYS_openat2, EPERM)) return false;
      try {
        // The scratch directory's own descriptor still sees the tree without the mount.
        remove_tree(Root::open(path).fd(), "tree");
      } catch (const Error& error) {
        return error.message().find("unmount it first") != std::string::npos;
      }
      return false;
    });
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
      MESSAGE("skipped: mounting is not permitted here");
      continue;
    }
    CHECK(status == 0);
    CHECK(scratch.read("keep/file") == "text");
  }
}

TEST_CASE("several removals of one tree do not disturb each other") {
  const ScratchDirectory scratch;
  for (int i = 0; i < 30; ++i) {
    for (int j = 0; j < 10; ++j) {
      scratch.write("tree/" + std::to_string(i) + "/x/" + std::to_string(j), "");
    }
  }
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] { remove_tree(scratch.fd(), "tree"); });
  }
  for (auto& thread : threads) thread.join();
  CHECK(scratch.root().list("").empty());
}
