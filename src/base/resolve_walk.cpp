// The walk that openat2 does in the kernel, done with openat, one component at a time.
//
// Safety does not rest on checks but on what is never done: no component is opened without
// O_NOFOLLOW, and ".." is never given to the kernel. The walk knows the names it went through, none
// of them a link; ".." drops the last name and goes down again from the root. So whatever others
// rename or replace meanwhile, every descriptor was reached from the root by real names alone.

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <optional>
#include <string_view>
#include <vector>

#include "base/resolve.hpp"
#include "base/retry.hpp"
#include "strata/base/path.hpp"

namespace strata {

namespace {

constexpr int links_max = 40;  // as the kernel's MAXSYMLINKS

Opened open_at(int directory_fd, const std::string& name, int flags) {
  Fd fd(retry_on_signal([&] { return ::openat(directory_fd, name.c_str(), flags | O_CLOEXEC); }));
  if (!fd) return {Fd(), errno};
  return {std::move(fd)};
}

/// One name of a path.
struct Component {
  std::string name;
  bool has_slash = false;  // the path ended in a slash behind it: it must lead to a directory
};

class Walk {
 public:
  Walk(int root_fd, int flags) : root_fd_(root_fd), flags_(flags) {}

  Opened open(const std::string& path) {
    if (path.size() >= PATH_MAX) return {Fd(), ENAMETOOLONG};
    push(path);
    while (error_number_ == 0 && !to_do_.empty()) {
      const Component component = std::move(to_do_.back());
      to_do_.pop_back();
      if (component.name == "." || component.name == "..") {
        check_search();
        if (component.name == "..") go_up();
      } else if (auto last = enter(component)) {
        return std::move(*last);
      }
    }
    if (error_number_ != 0) return {Fd(), error_number_};
    return open_at(here(), ".", flags_ & ~O_NOFOLLOW);
  }

 private:
  int here() const { return here_ ? here_.get() : root_fd_; }

  /// Puts the components of a path before what is still to do.
  void push(std::string_view path) {
    const auto components = path_components(path);
    for (std::size_t left = components.size(); left > 0; --left) {
      const bool is_last = left == components.size();
      to_do_.push_back({std::string(components[left - 1]), is_last && path.ends_with('/')});
    }
  }

  void go_to_root() {
    here_.reset();
    names_.clear();
  }

  /// What the kernel asks before it looks at "." or "..": may we search here at all?
  void check_search() { error_number_ = open_at(here(), ".", O_PATH).error_number; }

  void go_up() {
    if (error_number_ != 0) return;
    auto names = std::move(names_);
    if (!names.empty()) names.pop_back();
    go_to_root();
    for (auto& name : names) {
      if (error_number_ == 0) go_down(std::move(name));
    }
  }

  void go_down(std::string name) {
    Opened next = open_at(here(), name, O_PATH | O_DIRECTORY | O_NOFOLLOW);
    error_number_ = next.error_number;
    here_ = std::move(next.fd);
    names_.push_back(std::move(name));
  }

  /// One name further. Returns what was opened if it is the end of the way.
  std::optional<Opened> enter(const Component& component) {
    Opened probe = open_at(here(), component.name, O_PATH | O_NOFOLLOW);
    if (probe.error_number != 0) return probe;
    const bool is_last = to_do_.empty();
    const bool is_kept = is_last && (flags_ & O_NOFOLLOW) && !component.has_slash;
    if (!is_kept && S_ISLNK(stat_of(probe.fd.get()).st_mode)) {
      follow(probe.fd.get(), component.has_slash);
      return std::nullopt;
    }
    const int directory_flag = component.has_slash ? O_DIRECTORY : 0;
    if (is_last) return open_at(here(), component.name, flags_ | O_NOFOLLOW | directory_flag);
    go_down(component.name);
    return std::nullopt;
  }

  void follow(int link_fd, bool has_slash) {
    const LinkText target = link_text(link_fd);
    error_number_ = ++links_ > links_max ? ELOOP : target.error_number;
    if (target.text.starts_with('/')) go_to_root();
    push(has_slash ? target.text + '/' : target.text);
  }

  const int root_fd_;
  const int flags_;
  Fd here_;                         // empty: the root
  std::vector<std::string> names_;  // from the root to here
  std::vector<Component> to_do_;    // the next component is the last element
  int links_ = 0;
  int error_number_ = 0;
};

}  // namespace

Opened open_in_root_by_walk(int root_fd, const std::string& path, int flags) {
  return Walk(root_fd, flags).open(path);
}

}  // namespace strata
