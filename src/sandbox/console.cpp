#include "sandbox/console.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "sandbox/mounting.hpp"
#include "strata/base/error.hpp"

namespace strata::sandbox {

namespace {

Fd open_controller(int devpts_fd) {
  Fd controller(openat(devpts_fd, "ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC));
  int unlocked = 0;
  if (!controller || ioctl(controller.get(), TIOCSPTLCK, &unlocked) != 0) {
    fail_errno("make a terminal");
  }
  return controller;
}

void show_as_console(const Root& root, int devpts_fd, int controller) {
  unsigned number = 0;
  if (ioctl(controller, TIOCGPTN, &number) != 0) fail_errno("number of the terminal");
  root.create_file("dev/console", 0600);
  attach_mount(clone_mount(devpts_fd, cat(number), Subtree::one_mount).get(),
               root.open_file("dev/console", O_PATH).get(), "/dev/console");
}

}  // namespace

Console make_console(const Root& root, int devpts_fd, uid_t owner) {
  Fd controller = open_controller(devpts_fd);
  Fd terminal(ioctl(controller.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!terminal || fchown(terminal.get(), owner, static_cast<gid_t>(-1)) != 0) {
    fail_errno("open the terminal");
  }
  show_as_console(root, devpts_fd, controller.get());
  return {std::move(controller), std::move(terminal)};
}

void take_terminal() {
  if (ioctl(STDIN_FILENO, TIOCSCTTY, 0) != 0) fail_errno("take the terminal");
}

}  // namespace strata::sandbox
