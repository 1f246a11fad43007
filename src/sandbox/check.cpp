#include "sandbox/check.hpp"

#include "strata/base/error.hpp"

namespace strata::sandbox {

namespace {

void check_text(const std::string& text, std::string_view what) {
  if (text.find('\0') != std::string::npos) {
    fail(ErrorKind::usage, what, " ", quoted(text), " contains a zero byte");
  }
}

void check_path(const std::string& path, std::string_view what) {
  check_text(path, what);
  if (!path.starts_with('/')) {
    fail(ErrorKind::usage, what, " must be an absolute path, but is ", quoted(path));
  }
}

void check_mount(const Mount& mount) {
  check_path(mount.target, "the target of a mount");
  const bool has_source = mount.kind == Mount::Kind::bind || mount.kind == Mount::Kind::throwaway;
  if (has_source && mount.source_fd < 0) check_path(mount.source, "the source of a mount");
}

void check_rootfs(const RootFs& rootfs) {
  for (const std::string& lower : rootfs.lowers) check_path(lower, "a layer");
  if (rootfs.upper.empty()) return;
  check_path(rootfs.upper, "the upper directory");
  check_path(rootfs.work, "the work directory");
}

}  // namespace

void check_spec(const Spec& spec) {
  check_rootfs(spec.rootfs);
  check_path(spec.scratch_dir, "the scratch directory");
  check_path(spec.cwd, "the working directory");
  for (const Mount& mount : spec.mounts) check_mount(mount);
  for (const std::string& argument : spec.argv) check_text(argument, "the argument");
  for (const std::string& variable : spec.env) check_text(variable, "the environment variable");
}

}  // namespace strata::sandbox
