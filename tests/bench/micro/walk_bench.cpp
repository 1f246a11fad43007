/// The walk of a build context, with nothing remembered and with every file in the stat index. The
/// limit lists directories and asks for each name's facts in one thread, and keeps nothing.

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "context/walk.hpp"
#include "pair.hpp"
#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

namespace strata::bench {

namespace {

constexpr int directory_count = 40;
constexpr int files_each = 100;
constexpr const char* index_name = "index";

/// A directory in TMPDIR, removed at the end of the program. In it are `context`, of empty files,
/// and the stat index.
class Scratch {
 public:
  Scratch() : path_(std::filesystem::temp_directory_path() / "strata-micro-XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) fail_errno("cannot make ", path_);
    for (int directory = 0; directory < directory_count; ++directory) make_files(directory);
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::string& path() const { return path_; }
  std::string context() const { return path_ + "/context"; }

 private:
  void make_files(int directory) const {
    const std::string parent = cat(context(), "/module", directory);
    std::filesystem::create_directories(parent);
    for (int file = 0; file < files_each; ++file) {
      const std::string path = cat(parent, "/file", file, ".js");
      const Fd made(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
      if (made.get() < 0) fail_errno("cannot make ", path);
    }
  }

  std::string path_;
};

struct Walker {
  explicit Walker(const Scratch& scratch)
      : root(Root::open(scratch.context())),
        pool(std::max(1u, std::thread::hardware_concurrency())),
        index(remembered(scratch)) {}

  std::size_t count(const context::StatIndex& known) {
    return context::walk(root, {}, known, pool).entries.size();
  }

  Root root;
  WorkerPool pool;
  context::StatIndex index;  ///< that has all files

 private:
  context::StatIndex remembered(const Scratch& scratch) {
    const auto walked = context::walk(root, {}, {}, pool);
    context::IndexWriter writer;
    for (std::size_t i = 0; i < walked.entries.size(); ++i)
      if (walked.entries[i].is_file())
        writer.add(walked.entries[i].path,
                   {walked.facts.seen(i).stamp, {}, ContentDigest(Digest::of(""))});
    const Root directory = Root::open(scratch.path());
    writer.save(directory.fd(), index_name);
    return context::StatIndex::load(directory.fd(), index_name);
  }
};

bool is_dot(const char* name) {
  return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

/// Reads the directory open as `descriptor`, which it closes, and all below.
std::size_t count_plainly(int descriptor) {
  DIR* const directory = ::fdopendir(descriptor);
  if (directory == nullptr) fail_errno("cannot read a directory");
  std::size_t count = 0;
  while (const dirent* entry = ::readdir(directory)) {
    if (is_dot(entry->d_name)) continue;
    struct stat facts {};
    if (::fstatat(descriptor, entry->d_name, &facts, AT_SYMLINK_NOFOLLOW) != 0)
      fail_errno("cannot look at ", entry->d_name);
    ++count;
    if (S_ISDIR(facts.st_mode))
      count += count_plainly(
          ::openat(descriptor, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  }
  ::closedir(directory);
  return count;
}

}  // namespace

void add_walk_pairs() {
  static const Scratch scratch;
  static Walker walker(scratch);
  const auto plainly = [] {
    return count_plainly(::open(scratch.context().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  };
  expect_same("stat walk", walker.count({}) == plainly());
  expect_same("stat walk, remembered", walker.index.size() == directory_count * files_each);

  const Unit files{"file", directory_count * files_each};
  add_pair(
      "stat walk", files, [] { benchmark::DoNotOptimize(walker.count({})); }, plainly);
  add_pair(
      "stat walk, remembered", files, [] { benchmark::DoNotOptimize(walker.count(walker.index)); },
      plainly);
}

}  // namespace strata::bench
