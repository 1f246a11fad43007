#include "store/unpacked.hpp"

#include <fcntl.h>
#include <stdio.h>

#include "store/names.hpp"
#include "strata/base/error.hpp"
#include "strata/base/file.hpp"
#include "strata/store/work_directory.hpp"

namespace strata::store {

namespace {

constexpr std::size_t boot_id_size_max = 64;

std::string entry_path(const DiffId& diff_id) { return cat(folder::unpacked, '/', diff_id.hex()); }

void move_in(const std::string& host_path, const Root& store, const std::string& path) {
  if (::renameat(AT_FDCWD, host_path.c_str(), store.fd(), path.c_str()) != 0) {
    fail_errno("cannot move ", quoted(host_path), " to ", quoted(path), " of the store");
  }
}

}  // namespace

Unpacked::Unpacked(const Root& store)
    : store_(store),
      host_path_(host_path_of(store.open_directory(folder::unpacked))),
      boot_id_(trim(read_host_file("/proc/sys/kernel/random/boot_id", boot_id_size_max))) {}

std::optional<std::string> Unpacked::find(const DiffId& diff_id) const {
  const auto marker = find_small_file(store_.fd(), entry_path(diff_id) + "/boot", boot_id_size_max);
  if (marker != boot_id_) return std::nullopt;
  return cat(host_path_, '/', diff_id.hex(), "/fs");
}

std::string Unpacked::put(const DiffId& diff_id, const std::string& host_path) const {
  const std::string path = entry_path(diff_id);
  if (store_.find_stat(path)) {
    // A file left in a work directory is deleted with it.
    const WorkDirectory trash(store_);
    if (::renameat(store_.fd(), path.c_str(), trash.root().fd(), "old") != 0) {
      fail_errno("cannot take away ", quoted(path));
    }
  }
  store_.make_directory(path, 0700);
  move_in(host_path, store_, path + "/fs");
  write_file(store_.open_directory(path).fd(), "boot", boot_id_, Durability::none);
  return cat(host_path_, '/', diff_id.hex(), "/fs");
}

}  // namespace strata::store
