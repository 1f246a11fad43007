#include "strata/store/unpacker.hpp"

#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>

#include "strata/base/error.hpp"
#include "strata/content/file_types.hpp"
#include "strata/store/file_attributes.hpp"

namespace strata::store {

namespace {

enum class Existing { nothing, directory, whiteout, other };

Existing find_existing(const Root& parent, const std::string& name) {
  struct stat info {};
  if (::fstatat(parent.fd(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return Existing::nothing;
    fail_errno("cannot look at ", quoted(name));
  }
  if (S_ISDIR(info.st_mode)) return Existing::directory;
  if (S_ISCHR(info.st_mode) && info.st_rdev == 0) return Existing::whiteout;
  return Existing::other;
}

/// Calls `make`, which answers as a system call does. Mostly nothing of that name is in the way, so
/// nobody looks before; what is gets removed.
template <class Make, class Remove>
int make_anew(const Make& make, const Remove& remove) {
  const int made = make();
  if (made >= 0 || errno != EEXIST) return made;
  remove();
  return make();
}

void write_data(int fd, Source& data, const Entry& entry) {
  FdSink file(fd);
  if (copy_all(data, file) != entry.size) {
    fail(ErrorKind::corrupt, "layer entry ", quoted(entry.path), " is cut short");
  }
}

[[noreturn]] void fail_to_make(const Entry& entry) {
  fail_errno("cannot make the ", to_string(entry.type), " ", quoted(entry.path));
}

// One name, so there is nothing to resolve.
Fd find_directory(const Root& parent, const std::string& name) {
  return Fd(::openat(parent.fd(), name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

}  // namespace

Unpacker::Unpacker(const Root& target) : target_(target) { set_mode(target_, ".", 0755); }

void Unpacker::apply(const Entry& entry, Source* data) {
  if (entry.path.empty()) return apply_to_target(entry);
  if (entry.type == EntryType::opaque) return mark_opaque(enter(entry.path), ".");

  const Root& parent = enter(parent_path(entry.path));
  const std::string name(base_name(entry.path));
  if (entry.type == EntryType::whiteout) return white_out(parent, name);
  if (entry.is_directory()) return make_directory(parent, name, entry);
  if (entry.is_file()) return make_file(parent, name, entry, data);
  if (entry.type == EntryType::hard_link) return make_hard_link(parent, name, entry);
  make_other(parent, name, entry);
}

void Unpacker::finish() {
  for (const auto& [path, mtime] : directory_times_) {
    if (path.empty()) {
      set_mtime(target_, ".", mtime);
    } else {
      set_mtime(enter(parent_path(path)), std::string(base_name(path)), mtime);
    }
  }
}

const Root& Unpacker::enter(std::string_view path) {
  while (!entered_.empty() && !is_within(path, entered_.back().path)) entered_.pop_back();
  std::size_t done = entered_.empty() ? 0 : entered_.back().path.size();
  while (done < path.size()) {
    const std::size_t begin = done == 0 ? 0 : done + 1;
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string name(path.substr(begin, end - begin));
    Root child = enter_child(here(), name, path.substr(0, end));
    if (entered_.size() == entered_max) entered_.pop_back();
    entered_.push_back({std::string(path.substr(0, end)), std::move(child)});
    done = end;
  }
  return here();
}

Root Unpacker::enter_child(const Root& parent, const std::string& name, std::string_view path) {
  if (Fd directory = find_directory(parent, name)) return Root(std::move(directory));
  const Existing existing = find_existing(parent, name);
  if (existing == Existing::other) {
    fail(ErrorKind::corrupt, "the layer has entries below ", quoted(path),
         ", which is not a directory in it");
  }
  if (existing != Existing::directory) {
    if (existing == Existing::whiteout) remove_tree(parent.fd(), name);
    parent.make_directory(name, 0700);
    set_mode(parent, name, 0755);
    if (existing == Existing::whiteout) mark_opaque(parent, name);
  }
  return parent.open_directory(name, Links::keep);
}

void Unpacker::apply_to_target(const Entry& entry) {
  if (entry.type == EntryType::opaque) return mark_opaque(target_, ".");
  if (!entry.is_directory()) {
    fail(ErrorKind::corrupt, "the layer's root is a ", to_string(entry.type), ", not a directory");
  }
  set_attributes(target_, ".", entry);
  directory_times_[""] = entry.mtime;
}

void Unpacker::white_out(const Root& parent, const std::string& name) {
  switch (find_existing(parent, name)) {
    case Existing::nothing:
      parent.make_node(name, S_IFCHR | 0000, makedev(0, 0));
      break;
    // A whiteout is about the layers below; what this layer puts there itself stays.
    case Existing::directory:
      mark_opaque(parent, name);
      break;
    case Existing::whiteout:
    case Existing::other:
      break;
  }
}

void Unpacker::make_directory(const Root& parent, const std::string& name, const Entry& entry) {
  if (::mkdirat(parent.fd(), name.c_str(), 0700) != 0) {
    if (errno != EEXIST) fail_to_make(entry);
    const Existing existing = find_existing(parent, name);
    if (existing != Existing::directory) {
      remove_existing(parent, name, entry.path);
      parent.make_directory(name, 0700);
    }
    if (existing == Existing::whiteout) mark_opaque(parent, name);
  }
  set_attributes(parent, name, entry);
  directory_times_[entry.path] = entry.mtime;
}

void Unpacker::make_file(const Root& parent, const std::string& name, const Entry& entry,
                         Source* data) {
  constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const Fd file(make_anew([&] { return ::openat(parent.fd(), name.c_str(), flags, 0600); },
                          [&] { remove_existing(parent, name, entry.path); }));
  if (!file) fail_to_make(entry);
  if (data) write_data(file.get(), *data, entry);
  set_file_attributes(file.get(), entry);
}

void Unpacker::make_other(const Root& parent, const std::string& name, const Entry& entry) {
  const auto make = [&] {
    if (entry.type == EntryType::symlink)
      return ::symlinkat(entry.rare->link.c_str(), parent.fd(), name.c_str());
    return ::mknodat(parent.fd(), name.c_str(), file_type_bits(entry.type) | 0600,
                     makedev(entry.rare->device_major, entry.rare->device_minor));
  };
  if (make_anew(make, [&] { remove_existing(parent, name, entry.path); }) != 0) fail_to_make(entry);
  set_attributes(parent, name, entry);
  set_mtime(parent, name, entry.mtime);
}

void Unpacker::make_hard_link(const Root& parent, const std::string& name, const Entry& entry) {
  // Entering the other directory forgets this one, so this one is kept by a descriptor of its own.
  const Root here = parent.clone();
  const Root& there = enter(parent_path(entry.rare->link));
  const std::string existing(base_name(entry.rare->link));
  const auto make = [&] {
    return ::linkat(there.fd(), existing.c_str(), here.fd(), name.c_str(), 0);
  };
  if (make_anew(make, [&] { remove_existing(here, name, entry.path); }) == 0) return;
  if (errno != ENOENT && errno != EPERM) {
    fail_errno("cannot make hard link ", quoted(entry.path), " to ", quoted(entry.rare->link));
  }
  fail(ErrorKind::corrupt, "layer entry ", quoted(entry.path), " is a hard link to ",
       quoted(entry.rare->link), ", which is no file that this layer has before it");
}

void Unpacker::remove_existing(const Root& parent, const std::string& name, std::string_view path) {
  const Existing existing = find_existing(parent, name);
  if (existing == Existing::nothing) return;
  if (existing == Existing::directory) {
    std::erase_if(directory_times_, [&](const auto& item) { return is_within(item.first, path); });
  }
  remove_tree(parent.fd(), name);
}

}  // namespace strata::store
