#include "sandbox/mounting.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>

#include "strata/base/error.hpp"

namespace strata::sandbox {

namespace {

void change_mount(int mount_fd, mount_attr wish, Subtree subtree) {
  const unsigned recursive = subtree == Subtree::with_submounts ? AT_RECURSIVE : 0U;
  if (mount_setattr(mount_fd, "", AT_EMPTY_PATH | recursive, &wish, sizeof wish) != 0) {
    fail_errno("mount_setattr");
  }
}

}  // namespace

NewFilesystem::NewFilesystem(const char* type)
    : type_(type), context_(fsopen(type, FSOPEN_CLOEXEC)) {
  if (!context_) fail_errno("mount ", type, ": fsopen");
}

void NewFilesystem::set(const Option& option) {
  const bool is_flag = option.value.empty();
  if (fsconfig(context_.get(), is_flag ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING, option.key,
               is_flag ? nullptr : option.value.c_str(), 0) != 0) {
    fail_with_log(cat("option ", option.key, "=", option.value));
  }
}

Fd NewFilesystem::mount(std::uint64_t attributes) {
  if (fsconfig(context_.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) != 0) {
    fail_with_log("create");
  }
  Fd mount(fsmount(context_.get(), FSMOUNT_CLOEXEC, static_cast<unsigned>(attributes)));
  if (!mount) fail_with_log("fsmount");
  return mount;
}

void NewFilesystem::fail_with_log(const std::string& what) const {
  const int error_number = errno;
  // The kernel explains itself in messages read from the context, one a read: "e overlay: text\n".
  std::string log;
  char line[512];
  for (ssize_t size = 0; (size = read(context_.get(), line, sizeof line)) > 0;) {
    log += cat(log.empty() ? " (" : "; ",
               trim(std::string_view(line, static_cast<std::size_t>(size))));
  }
  if (!log.empty()) log += ')';
  fail_system(error_number, cat("mount ", type_, ": ", what, log));
}

Fd make_mount(const char* type, const std::vector<Option>& options, std::uint64_t attributes) {
  NewFilesystem filesystem(type);
  for (const Option& option : options) filesystem.set(option);
  return filesystem.mount(attributes);
}

Fd clone_mount(int directory_fd, const std::string& path, Subtree subtree) {
  const unsigned recursive = subtree == Subtree::with_submounts ? AT_RECURSIVE : 0U;
  const unsigned empty = path.empty() ? AT_EMPTY_PATH : 0U;
  Fd mount(open_tree(directory_fd, path.c_str(),
                     OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | recursive | empty));
  if (!mount) fail_errno("bind ", path.empty() ? std::string("a descriptor") : quoted(path));
  return mount;
}

void add_attributes(int mount_fd, std::uint64_t attributes, Subtree subtree) {
  mount_attr wish{};
  wish.attr_set = attributes;
  change_mount(mount_fd, wish, subtree);
}

void isolate_mount(int mount_fd, std::uint64_t attributes) {
  mount_attr wish{};
  wish.attr_set = attributes;
  wish.propagation = MS_PRIVATE;
  change_mount(mount_fd, wish, Subtree::with_submounts);
}

void attach_mount(int mount_fd, int target_fd, const std::string& what) {
  if (move_mount(mount_fd, "", target_fd, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) !=
      0) {
    fail_errno("mount ", what);
  }
}

}  // namespace strata::sandbox
