#include "sandbox/check.hpp"

#include "strata/base/error.hpp"
#include "strata/base/path.hpp"

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

/// Of a RootFs or of Layers.
void check_layers(const auto& layers) {
  for (const std::string& lower : layers.lowers) check_path(lower, "a layer");
  if (layers.upper.empty()) return;
  check_path(layers.upper, "the upper directory");
  check_path(layers.work, "the work directory");
}

void check_mount(const Mount& mount) {
  check_path(mount.target, "the target of a mount");
  if (mount.kind == Mount::Kind::bind && mount.source_fd < 0)
    check_path(mount.source, "the source of a mount");
  check_layers(mount.layers);
  check_text(mount.subpath, "a part of layers");
}

void check_device(const Device& device) {
  check_path(device.path, "a device");
  const std::string path = root_path(device.path);
  if (path == "dev" || !is_within(path, "dev"))
    fail(ErrorKind::usage, "the device ", quoted(device.path), " does not lie below /dev");
  if (!S_ISCHR(device.mode) && !S_ISBLK(device.mode))
    fail(ErrorKind::usage, quoted(device.path), " is no device");
}

}  // namespace

void check_spec(const Spec& spec) {
  check_layers(spec.rootfs);
  check_path(spec.scratch_dir, "the scratch directory");
  check_path(spec.cwd, "the working directory");
  for (const Mount& mount : spec.mounts) check_mount(mount);
  for (const Device& device : spec.devices) check_device(device);
  for (const std::string& argument : spec.argv) check_text(argument, "the argument");
  for (const std::string& variable : spec.env) check_text(variable, "the environment variable");
}

}  // namespace strata::sandbox
