// The flattened root file system as a directory of the host.

#include <sys/sysmacros.h>
#include <unistd.h>

#include "output/rootfs_image.hpp"
#include "strata/base/error.hpp"
#include "strata/base/host_path.hpp"
#include "strata/base/path.hpp"
#include "strata/content/file_types.hpp"
#include "strata/output/rootfs.hpp"
#include "strata/store/file_attributes.hpp"

namespace strata::output {

namespace {

/// Writes entries, parents first, into a directory that may hold something already.
class DirectoryWriter {
 public:
  DirectoryWriter(const Root& target, const RootfsImage& rootfs)
      : target_(target), rootfs_(rootfs), parent_(target.clone()) {}

  void run() {
    for (const Entry& entry : rootfs_.tree().entries()) {
      if (!entry.path.empty()) write(entry);  // the target itself is the user's
    }
    // Last, because every file that is made in a directory changes its time.
    for (const Entry& entry : rootfs_.tree().entries()) {
      if (!entry.is_directory() || entry.path.empty()) continue;
      enter(parent_path(entry.path));
      store::set_mtime(parent_, std::string(base_name(entry.path)), entry.mtime);
    }
  }

 private:
  void enter(std::string_view path) {
    if (path == parent_path_) return;
    target_.make_directories(path);
    parent_ = target_.open_directory(path, Links::follow);
    parent_path_ = path;
  }

  void write(const Entry& entry) {
    enter(parent_path(entry.path));
    const std::string name(base_name(entry.path));
    if (entry.is_directory()) return write_directory(entry, name);
    make_way(entry, name);
    if (entry.type == EntryType::hard_link) {
      return target_.make_hard_link(entry.path, entry.rare->link);
    }
    if (!make(entry, name)) return;
    store::set_attributes(parent_, name, entry);
    store::set_mtime(parent_, name, entry.mtime);
  }

  void write_directory(const Entry& entry, const std::string& name) {
    const auto existing = parent_.find_stat(name);
    if (existing && !S_ISDIR(existing->st_mode)) parent_.remove(name);
    if (!existing || !S_ISDIR(existing->st_mode)) parent_.make_directory(name, 0700);
    store::set_attributes(parent_, name, entry);
  }

  void make_way(const Entry& entry, const std::string& name) {
    const auto existing = parent_.find_stat(name);
    if (!existing) return;
    if (S_ISDIR(existing->st_mode)) {
      fail(ErrorKind::usage, "cannot write ", quoted(entry.path),
           ": a directory is in the way; remove it, or name an empty directory");
    }
    parent_.remove(name);
  }

  /// False if this user cannot have such a thing.
  bool make(const Entry& entry, const std::string& name) {
    if (entry.is_file()) {
      const Fd file = parent_.create_file(name, 0600);
      FdSink out(file.get());
      copy_all(*rootfs_.open(entry), out);
    } else if (entry.type == EntryType::symlink) {
      parent_.make_symlink(name, entry.rare->link);
    } else if (entry.type == EntryType::fifo || ::geteuid() == 0) {
      parent_.make_node(name, file_type_bits(entry.type) | 0600,
                        makedev(entry.rare->device_major, entry.rare->device_minor));
    } else {
      return false;
    }
    return true;
  }

  const Root& target_;
  const RootfsImage& rootfs_;
  Root parent_;
  std::string parent_path_;
};

}  // namespace

void write_rootfs_directory(store::Store& store, const oci::Image& image,
                            const std::string& host_path) {
  const RootfsImage rootfs(store, image);
  const Root target = make_host_directory(host_path);
  DirectoryWriter(target, rootfs).run();
}

}  // namespace strata::output
