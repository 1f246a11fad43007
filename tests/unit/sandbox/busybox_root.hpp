#pragma once
/// A root file system of one program with many names, and sandboxes over it.

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "strata/base/text.hpp"
#include "strata/sandbox/run.hpp"

namespace strata::sandbox {

namespace fs = std::filesystem;

inline const char* const program_names[] = {
    "sh",       "true",  "false",  "cat",  "echo", "env",     "id",    "ls",
    "mkdir",    "mknod", "mount",  "pwd",  "rm",   "ln",      "sleep", "test",
    "touch",    "stat",  "grep",   "kill", "ps",   "umount",  "chmod", "hostname",
    "readlink", "ip",    "setsid", "tty",  "stty", "dd",      "wc",    "sort",
    "chown",    "mv",    "find",   "head", "seq",  "unshare", "nc",    "ulimit"};

/// The reason why sandboxes cannot be made here; empty if they can.
inline std::string reason_to_skip() {
  if (geteuid() != 0) return "not root";
  if (!fs::exists("/bin/busybox")) return "no /bin/busybox";
  return {};
}

/// A directory that goes away with the object.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = fs::temp_directory_path() / "strata-sandbox-XXXXXX";
    path_ = mkdtemp(name.data());
    chmod(path_.c_str(), 0755);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// Layers, an empty upper directory and a spec that says so; every name can be changed by a test.
class BusyboxRoot {
 public:
  BusyboxRoot() {
    for (const char* name : {"base/bin", "base/etc", "base/tmp", "base/root", "scratch"}) {
      fs::create_directories(directory_.path() / name);
    }
    fs::copy_file("/bin/busybox", base() / "bin/busybox");
    for (const char* name : program_names) fs::create_symlink("busybox", base() / "bin" / name);
    chmod((base() / "tmp").c_str(), 01777);
    fresh_upper();
  }

  fs::path path() const { return directory_.path(); }
  fs::path base() const { return path() / "base"; }
  fs::path upper() const { return path() / cat("upper", serial_); }

  /// A new directory to be laid over the base.
  fs::path add_layer() {
    const fs::path layer = path() / cat("layer", ++layers_);
    fs::create_directories(layer);
    lowers_.insert(lowers_.begin(), layer.string());
    return layer;
  }

  void fresh_upper() {
    ++serial_;
    fs::create_directories(upper());
    fs::create_directories(path() / cat("work", serial_));
  }

  Spec spec(std::vector<std::string> argv) const {
    Spec spec;
    spec.rootfs.lowers = lowers_;
    spec.rootfs.lowers.push_back(base().string());
    spec.rootfs.upper = upper().string();
    spec.rootfs.work = (path() / cat("work", serial_)).string();
    spec.scratch_dir = (path() / "scratch").string();
    spec.argv = std::move(argv);
    spec.env = {"PATH=/bin"};
    return spec;
  }
  Spec shell(const std::string& script) const { return spec({"sh", "-c", script}); }

  /// Names below the upper directory, sorted.
  std::vector<std::string> written() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(upper())) {
      names.push_back(fs::relative(entry.path(), upper()).string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  TemporaryDirectory directory_;
  std::vector<std::string> lowers_;
  int layers_ = 0;
  int serial_ = 0;
};

struct Result {
  std::string out;
  std::string err;
  Report report;
};

inline Result run(Sandbox& sandbox, const Spec& spec, std::stop_token stop = {}) {
  Result result;
  Streams streams;
  streams.on_output = [&result](OutputStream stream, std::string_view text) {
    (stream == OutputStream::out ? result.out : result.err) += text;
  };
  result.report = sandbox.run(spec, std::move(streams), std::move(stop));
  return result;
}

inline void write_text(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

inline std::string read_text(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Ends a test case that cannot run here, and says why.
#define STRATA_NEEDS_SANDBOX()                                  \
  if (const std::string why = reason_to_skip(); !why.empty()) { \
    MESSAGE("skipped: " << why);                                \
    return;                                                     \
  }

}  // namespace strata::sandbox
