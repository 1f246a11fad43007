#include "sandbox/root_mount.hpp"

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sandbox/mounting.hpp"
#include "sandbox/overlay.hpp"
#include "strata/base/error.hpp"

namespace strata::sandbox {

namespace {

Root make_layer(const std::string& name) {
  if (mkdir(name.c_str(), 0755) != 0) fail_errno("mkdir ", quoted(name));
  return Root::open(name);
}

Root mount_layers(const Spec& spec, std::vector<std::string> lowers, const std::string& name) {
  const RootFs& rootfs = spec.rootfs;
  const DeviceNodes nodes = spec.privileged ? DeviceNodes::usable : DeviceNodes::refused;
  return Root(mount_overlay({std::move(lowers), rootfs.upper, rootfs.work}, name, nodes));
}

/// Takes an overlay away that nobody wrote to. A volatile overlay marks its work directory, so that
/// it is not mounted again after a crash; here nothing was lost, and the mark is taken away.
void unmount_layers(const Spec& spec, const std::string& name) {
  if (umount2(name.c_str(), 0) != 0) fail_errno("unmount the first overlay");
  if (!spec.rootfs.work.empty()) Root::open(spec.rootfs.work).remove("work/incompat");
}

}  // namespace

MountedRoot mount_root(const Spec& spec, const std::vector<MountPoint>& points) {
  make_stubs(make_layer("infra"), points);
  std::vector<std::string> lowers = spec.rootfs.lowers;
  lowers.push_back("infra");
  std::optional<Root> root = mount_layers(spec, lowers, "root");
  std::vector<MountPoint> missing = find_missing(*root, points);
  if (!missing.empty()) {
    make_cover(make_layer("cover"), *root, missing);
    root.reset();
    unmount_layers(spec, "root");
    lowers.insert(lowers.begin(), "cover");
    root = mount_layers(spec, lowers, "root2");
  }
  missing.insert(missing.end(), points.begin(), points.end());
  return {std::move(*root), stub_paths(missing)};
}

}  // namespace strata::sandbox
