#include "sandbox/overlay.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <set>

#include "sandbox/mounting.hpp"
#include "strata/base/error.hpp"

namespace strata::sandbox {

namespace {

// No feature that leaves a mark in the layers which only this mount could read (indexes, redirected
// or data-less files), and one st_dev for all files, as tar and find -xdev want.
const std::vector<Option>& common_options() {
  static const std::vector<Option> options = {
      {"index", "off"}, {"redirect_dir", "off"}, {"metacopy", "off"}, {"xino", "on"}};
  return options;
}

Fd open_directory(const std::string& path) {
  Fd directory(open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!directory) fail_errno("open ", quoted(path));
  return directory;
}

void change_directory(const std::string& path) {
  if (chdir(path.c_str()) != 0) fail_errno("chdir ", quoted(path));
}

void make_directory(const std::string& path) {
  if (mkdir(path.c_str(), 0755) != 0) fail_errno("mkdir ", quoted(path));
}

/// The links through which the kernel is told the layers.
struct Links {
  std::vector<std::string> lowers;
  bool is_writable = false;
};

void make_link(const std::string& target, const std::string& name) {
  // Links lie one directory below the scratch directory, from where relative paths are meant.
  const std::string from_here = target.starts_with('/') ? target : "../" + target;
  if (symlink(from_here.c_str(), name.c_str()) != 0) fail_errno("link to layer ", quoted(target));
}

/// Works in the working directory. A directory that occurs twice hides its lower occurrence
/// completely (whatever that shows or hides, the upper one does too), and the kernel refuses it.
Links make_links(const Layers& layers) {
  Links links;
  std::set<std::string> seen;
  for (const std::string& lower : layers.lowers) {
    if (!seen.insert(lower).second) continue;
    links.lowers.push_back(cat(links.lowers.size()));
    make_link(lower, links.lowers.back());
  }
  links.is_writable = !layers.upper.empty();
  if (links.is_writable) {
    make_link(layers.upper, "u");
    make_link(layers.work, "w");
  }
  return links;
}

void mount_by_fsconfig(const Links& links, const std::string& target, DeviceNodes nodes) {
  NewFilesystem overlay("overlay");
  for (const std::string& lower : links.lowers) overlay.set({"lowerdir+", lower});
  if (links.is_writable) {
    overlay.set({"upperdir", "u"});
    overlay.set({"workdir", "w"});
    overlay.set({"volatile", ""});
  }
  for (const Option& option : common_options()) overlay.set(option);
  overlay.set({"uuid", "null"});  // "auto" would leave an attribute in the upper directory
  const Fd mount = overlay.mount(nodes == DeviceNodes::refused ? MOUNT_ATTR_NODEV : 0);
  attach_mount(mount.get(), open_directory(target).get(), "overlay");
}

void mount_classic(const Links& links, const std::string& target, DeviceNodes nodes) {
  std::string options = cat("lowerdir=", join(links.lowers, ":"));
  if (links.is_writable) options += ",upperdir=u,workdir=w,volatile";
  for (const Option& option : common_options()) options += cat(",", option.key, "=", option.value);
  const unsigned long flags = nodes == DeviceNodes::refused ? MS_NODEV : 0;
  if (mount("overlay", target.c_str(), "overlay", flags, options.c_str()) != 0) {
    fail_errno("mount overlay of ", links.lowers.size(), " layers");
  }
}

/// Kernels older than "lowerdir+" differ in where they refuse it, so any failure leads to the old
/// call. If that fails too, the first error is the one with the kernel's explanation.
void mount_layers(const Links& links, const std::string& target, DeviceNodes nodes,
                  OverlayCall call) {
  if (call == OverlayCall::classic) return mount_classic(links, target, nodes);
  try {
    mount_by_fsconfig(links, target, nodes);
  } catch (const Error& first) {
    try {
      mount_classic(links, target, nodes);
    } catch (const Error&) {
      throw first;
    }
  }
}

/// The kernel turns an overlay read-only with no more than a line in its log when the work
/// directory is of no use to it.
void check_writable(int root_fd) {
  struct statvfs status {};
  if (fstatvfs(root_fd, &status) != 0) fail_errno("statvfs of the root");
  if (status.f_flag & ST_RDONLY) {
    fail(ErrorKind::system,
         "the overlay came up read-only: upper and work must be on one file system that supports "
         "extended attributes (the kernel's log says more)");
  }
}

}  // namespace

Fd mount_overlay(const Layers& layers, const std::string& name, DeviceNodes nodes,
                 OverlayCall call) {
  make_directory(name);
  const std::string links_directory = name + ".layers";
  make_directory(links_directory);
  change_directory(links_directory);
  const Links links = make_links(layers);
  mount_layers(links, "../" + name, nodes, call);
  change_directory("..");
  Fd root = open_directory(name);
  if (links.is_writable) check_writable(root.get());
  return root;
}

}  // namespace strata::sandbox
