#include "strata/store/containers.hpp"

#include <fcntl.h>
#include <stdio.h>

#include "store/names.hpp"
#include "strata/base/error.hpp"
#include "strata/base/file.hpp"
#include "strata/store/work_directory.hpp"

namespace strata::store {

namespace {

constexpr std::size_t image_file_size_max = 128;

/// An id from outside becomes a path only as digits.
std::string path_of(const std::string& id) {
  if (!Digest::find_hex(id)) fail(ErrorKind::not_found, "there is no container ", quoted(id));
  return cat(folder::containers, '/', id);
}

void move(const Root& from, const std::string& path, const Root& to, const std::string& new_path) {
  if (::renameat(from.fd(), path.c_str(), to.fd(), new_path.c_str()) != 0) {
    fail_errno("cannot move ", quoted(path), " in the store");
  }
}

}  // namespace

Containers::Containers(const Root& store) : store_(store) {}

ContainerFolder Containers::create(const Digest& image_manifest) const {
  const std::string id = random_hex(32);
  const WorkDirectory work(store_);
  const Root& folder = work.root();
  folder.make_directory("new", 0700);
  folder.make_directory("new/upper", 0755);
  folder.make_directory("new/work", 0755);
  write_file(folder.open_directory("new").fd(), "image", to_string(image_manifest) + '\n',
             Durability::none);
  move(folder, "new", store_, path_of(id));
  return {id, image_manifest, host_path_of(store_.open_directory(path_of(id)))};
}

std::vector<ContainerFolder> Containers::list() const {
  std::vector<ContainerFolder> folders;
  for (const std::string& id : store_.list(folder::containers)) {
    if (!Digest::find_hex(id)) continue;
    const auto folder = store_.find_file(path_of(id), O_RDONLY | O_DIRECTORY, Links::keep);
    if (!folder) continue;  // removed meanwhile
    const auto image = find_small_file(folder->get(), "image", image_file_size_max);
    const auto digest = Digest::find(trim(image.value_or("")));
    if (digest) folders.push_back({id, *digest, host_path_of(Root(duplicate(folder->get())))});
  }
  return folders;
}

void Containers::remove(const std::string& id) const {
  if (!store_.find_stat(path_of(id))) {
    fail(ErrorKind::not_found, "there is no container ", quoted(id));
  }
  const auto stopped = try_run_lock(id);
  if (!stopped)
    fail(ErrorKind::usage, "container ", id.substr(0, 12), " is running; stop it first");
  const WorkDirectory trash(store_);
  move(store_, path_of(id), trash.root(), "container");
}

std::optional<FileLock> Containers::try_run_lock(const std::string& id) const {
  const auto folder = store_.find_file(path_of(id), O_RDONLY | O_DIRECTORY, Links::keep);
  if (!folder) fail(ErrorKind::not_found, "there is no container ", quoted(id));
  return FileLock::try_now(folder->get(), "lock", LockMode::exclusive);
}

bool Containers::is_running(const std::string& id) const { return !try_run_lock(id); }

}  // namespace strata::store
