// The kernel's walk and ours: neither leaves the root, and both find the same.

#include "base/resolve.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <random>
#include <thread>

#include "strata/base/text.hpp"
#include "unit/scratch_directory.hpp"

using namespace strata;
using test::ScratchDirectory;

namespace {

using Resolver = Opened (*)(int, const std::string&, int);

struct NamedResolver {
  const char* name;
  Resolver open;
};

constexpr NamedResolver resolvers[] = {{"kernel", open_in_root_by_kernel},
                                       {"walk", open_in_root_by_walk}};

/// What a resolution led to, or its errno: two of them can be compared.
std::string outcome(const Opened& opened) {
  if (opened.error_number != 0) return cat("error ", strerrorname_np(opened.error_number));
  const struct stat status = stat_of(opened.fd.get());
  const int flags = ::fcntl(opened.fd.get(), F_GETFL) & (O_ACCMODE | O_PATH);
  return cat("inode ", status.st_ino, " flags ", flags);
}

bool lacks_openat2(int root_fd) {
  return open_in_root_by_kernel(root_fd, "", O_PATH).error_number == ENOSYS;
}

/// A root beside a secret: whoever reaches the secret has left the root.
struct Cage {
  ScratchDirectory scratch;
  Root root;
  ino_t secret;

  Cage() : root(make(scratch)), secret(scratch.root().find_stat("secret")->st_ino) {}

  static Root make(const ScratchDirectory& scratch) {
    scratch.write("secret", "secret");
    scratch.write("root/etc/passwd", "inside");
    return scratch.root().open_directory("root");
  }

  bool leaks(Resolver resolver, const std::string& path, int flags) const {
    const Opened opened = resolver(root.fd(), path, flags);
    return opened.error_number == 0 && stat_of(opened.fd.get()).st_ino == secret;
  }
};

std::string random_path(std::mt19937& random) {
  static const std::vector<std::string> pieces = {"a",  "b", "c", "d", "..",
                                                  "..", ".", "f", "x", ""};
  std::string path = random() % 4 == 0 ? "/" : "";
  for (auto count = 1 + random() % 5; count > 0; --count) {
    path += pieces[random() % pieces.size()];
    if (count > 1 || random() % 8 == 0) path += '/';
  }
  return path;
}

/// Directories, files and links to anywhere, dangling ones and circles among them.
void grow_random_tree(const Root& root, std::mt19937& random) {
  for (int i = 0; i < 40; ++i) {
    const auto path = random_path(random);
    try {
      switch (random() % 3) {
        case 0:
          root.make_directories(path);
          break;
        case 1:
          root.create_file(path, 0644);
          break;
        default:
          if (const auto target = random_path(random); !target.empty()) {
            root.make_symlink(path, target);
          }
      }
    } catch (const Error&) {
      // A random path need not be a possible one.
    }
  }
}

}  // namespace

TEST_CASE("no path and no link leaves the root") {
  const Cage cage;
  const auto link = [&](const std::string& name, const std::string& target) {
    cage.root.make_symlink(name, target);
  };
  link("to_root", "/");
  link("up", "..");
  link("far_up", "../../../../../../../../..");
  link("absolute", cage.scratch.path() + "/secret");
  link("relative", "../secret");
  link("etc/deep", "../../secret");
  link("chain", "etc/deep");
  const std::vector<std::string> paths = {"../secret",
                                          "/../secret",
                                          "etc/../../secret",
                                          "../../../../../.." + cage.scratch.path() + "/secret",
                                          cage.scratch.path() + "/secret",
                                          "to_root/../secret",
                                          "to_root" + cage.scratch.path() + "/secret",
                                          "up/secret",
                                          "far_up" + cage.scratch.path() + "/secret",
                                          "absolute",
                                          "relative",
                                          "chain",
                                          "etc/deep"};
  for (const auto& resolver : resolvers) {
    if (resolver.open == open_in_root_by_kernel && lacks_openat2(cage.root.fd())) continue;
    CAPTURE(resolver.name);
    for (const auto& path : paths) {
      CAPTURE(path);
      CHECK_FALSE(cage.leaks(resolver.open, path, O_PATH));
      CHECK_FALSE(cage.leaks(resolver.open, path, O_RDONLY));
    }
    // And what is meant inside is found inside.
    const ino_t passwd = cage.root.find_stat("etc/passwd")->st_ino;
    for (const char* path : {"/etc/passwd", "../etc/passwd", "to_root/etc/passwd", "up/etc/passwd",
                             "far_up/etc/passwd", "etc/../../etc/./passwd"}) {
      CAPTURE(path);
      const Opened opened = resolver.open(cage.root.fd(), path, O_RDONLY);
      REQUIRE(opened.error_number == 0);
      CHECK(stat_of(opened.fd.get()).st_ino == passwd);
    }
  }
}

TEST_CASE("a magic link of procfs leads nowhere") {
  const Root proc = Root::open("/proc");
  const ScratchDirectory scratch;
  scratch.write("secret", "secret");
  const Fd secret = scratch.root().open_file("secret");
  for (const auto& resolver : resolvers) {
    CAPTURE(resolver.name);
    const Opened file = resolver.open(proc.fd(), cat("self/fd/", secret.get()), O_RDONLY);
    CHECK(file.error_number != 0);
    const Opened below =
        resolver.open(proc.fd(), cat("self/fd/", scratch.fd(), "/secret"), O_RDONLY);
    CHECK(below.error_number != 0);
    const Opened root = resolver.open(proc.fd(), "self/root/etc", O_PATH);
    CHECK(root.error_number != 0);
  }
}

TEST_CASE("both walks agree on random trees with links") {
  std::mt19937 random(11);
  for (int round = 0; round < 60; ++round) {
    const ScratchDirectory scratch;
    if (lacks_openat2(scratch.fd())) return;
    grow_random_tree(scratch.root(), random);
    for (int i = 0; i < 100; ++i) {
      const auto path = random_path(random);
      CAPTURE(path);
      for (const int flags :
           {O_PATH, O_PATH | O_NOFOLLOW, O_PATH | O_DIRECTORY, O_RDONLY, O_RDONLY | O_NOFOLLOW,
            O_RDONLY | O_DIRECTORY | O_NOFOLLOW, O_WRONLY, O_PATH | O_DIRECTORY | O_NOFOLLOW}) {
        CAPTURE(flags);
        CHECK(outcome(open_in_root_by_kernel(scratch.fd(), path, flags)) ==
              outcome(open_in_root_by_walk(scratch.fd(), path, flags)));
      }
    }
  }
}

TEST_CASE("both walks agree on what a plain user may reach") {
  if (::geteuid() != 0) return;  // others cannot change to yet another user
  const ScratchDirectory scratch;
  if (lacks_openat2(scratch.fd())) return;
  REQUIRE(::fchmod(scratch.fd(), 0755) == 0);
  for (const mode_t mode : {0000, 0111, 0444, 0555}) {
    const auto top = std::to_string(mode);
    scratch.write(top + "/dir/file", "text");
    scratch.root().make_symlink(top + "/link", "dir/file");
    REQUIRE(::fchmodat(scratch.fd(), (top + "/dir").c_str(), mode, 0) == 0);
  }
  const int status = test::in_child([&] {
    bool agreed = ::setresuid(4242, 4242, 4242) == 0;
    for (const char* top : {"0", "73", "292", "365"}) {
      for (const char* end :
           {"/dir", "/dir/", "/dir/.", "/dir/..", "/dir/file", "/link", "/dir/x"}) {
        for (const int flags : {O_PATH, O_RDONLY, O_WRONLY, O_RDONLY | O_DIRECTORY}) {
          const std::string path = cat(top, end);
          const auto kernel = outcome(open_in_root_by_kernel(scratch.fd(), path, flags));
          const auto walk = outcome(open_in_root_by_walk(scratch.fd(), path, flags));
          if (kernel != walk) {
            agreed = false;
            ::dprintf(2, "%s with flags %d: %s by the kernel, %s by the walk\n", path.c_str(),
                      flags, kernel.c_str(), walk.c_str());
          }
        }
      }
    }
    return agreed;
  });
  CHECK(status == 0);
}

TEST_CASE("both walks agree on the limits") {
  const ScratchDirectory scratch;
  if (lacks_openat2(scratch.fd())) return;
  scratch.write("0", "end");
  for (int i = 1; i <= 45; ++i)
    scratch.root().make_symlink(std::to_string(i), std::to_string(i - 1));
  scratch.root().make_symlink("circle", "circle");
  std::vector<std::string> paths = {"",
                                    "/",
                                    "//",
                                    ".",
                                    "..",
                                    "40",
                                    "41",
                                    "45",
                                    "circle",
                                    "circle/x",
                                    "0/",
                                    "0/.",
                                    "1/",
                                    "0/x",
                                    "none/",
                                    "none/x",
                                    "none/.",
                                    "none/..",
                                    std::string(256, 'n'),
                                    "..//.."};
  std::string deep;
  for (int i = 0; i < 2040; ++i) deep += "./";
  paths.push_back(deep);
  for (int i = 0; i < 10; ++i) deep += "./";
  paths.push_back(deep);
  for (const auto& path : paths) {
    CAPTURE(path);
    for (const int flags : {O_PATH, O_PATH | O_NOFOLLOW, O_RDONLY, O_RDONLY | O_NOFOLLOW}) {
      CAPTURE(flags);
      CHECK(outcome(open_in_root_by_kernel(scratch.fd(), path, flags)) ==
            outcome(open_in_root_by_walk(scratch.fd(), path, flags)));
    }
  }
}

TEST_CASE("a directory that turns into a link all the time never leads outside") {
  const Cage cage;
  cage.scratch.write("outside/passwd", "outside");
  const ino_t outside = cage.scratch.root().find_stat("outside/passwd")->st_ino;
  cage.root.make_symlink("evil", "../outside");
  cage.root.make_directories("moving/etc");
  std::atomic<bool> done = false;
  std::thread mover([&] {
    while (!done) {
      ::renameat2(cage.root.fd(), "etc", cage.root.fd(), "evil", RENAME_EXCHANGE);
      // A directory moved out from under a walk makes its ".." point elsewhere.
      ::renameat(cage.root.fd(), "moving", cage.scratch.fd(), "moved");
      ::renameat(cage.scratch.fd(), "moved", cage.root.fd(), "moving");
    }
  });
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(300);
  bool leaked = false;
  while (std::chrono::steady_clock::now() < end) {
    for (const auto& resolver : resolvers) {
      for (const char* path : {"etc/passwd", "evil/passwd", "moving/etc/../../outside/passwd"}) {
        const Opened opened = resolver.open(cage.root.fd(), path, O_PATH);
        leaked = leaked || (opened.fd && stat_of(opened.fd.get()).st_ino == outside);
      }
    }
  }
  done = true;
  mover.join();
  CHECK_FALSE(leaked);
}
