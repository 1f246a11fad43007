// A container comes into being: name, folder and record, all of it or nothing.
//
// Creators exclude each other by the lock `containers` of the store, so that a name is given once
// and a folder without a record is one whose creator was killed. The next creator clears it away.

#include <sys/stat.h>

#include <algorithm>

#include "container/names.hpp"
#include "container/record.hpp"
#include "container/settings.hpp"
#include "strata/base/error.hpp"
#include "strata/base/utf8.hpp"

namespace strata::container {

namespace {

constexpr const char* lock_name = "locks/containers";

/// The record is JSON, and so can hold no other text.
void check_text(const Container& container) {
  const std::string record = encode_record(container);
  if (valid_utf8(record) != record)
    fail(ErrorKind::usage,
         "the command, variables and paths of a container must be UTF-8; found other bytes");
}

void check_volumes(const std::vector<Wishes::Volume>& volumes) {
  for (const Wishes::Volume& volume : volumes) {
    if (!volume.host_path.starts_with('/') || !volume.target.starts_with('/'))
      fail(ErrorKind::usage, "volume ", quoted(volume.host_path), " at ", quoted(volume.target),
           ": both paths must be absolute");
    struct stat info {};
    if (::stat(volume.host_path.c_str(), &info) != 0)
      fail(ErrorKind::not_found, "volume ", quoted(volume.host_path), " at ", quoted(volume.target),
           ": the host has no such file or directory; make it first");
  }
}

/// Creation that is taken back unless it is said to be complete.
class NewFolder {
 public:
  NewFolder(const store::Containers& containers, const Digest& image)
      : containers_(containers), folder_(containers.create(image)) {}
  NewFolder(const NewFolder&) = delete;
  NewFolder& operator=(const NewFolder&) = delete;
  ~NewFolder() {
    if (is_complete_) return;
    try {
      containers_.remove(folder_.id);
    } catch (const Error&) {
      // Without a record it is cleared away by the next creator.
    }
  }

  const store::ContainerFolder& get() const { return folder_; }
  void complete() { is_complete_ = true; }

 private:
  const store::Containers& containers_;
  store::ContainerFolder folder_;
  bool is_complete_ = false;
};

/// A folder without a record: its creator was killed, or its container is being removed right now.
void clear_away(const store::Containers& containers, const std::string& id) {
  try {
    containers.remove(id);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::not_found) throw;
  }
}

/// The names that are taken. Folders of killed creators go.
std::vector<std::string> take_stock(const store::Containers& containers) {
  std::vector<std::string> names;
  for (const store::ContainerFolder& folder : containers.list()) {
    if (const auto record = find_record(folder))
      names.push_back(record->name);
    else
      clear_away(containers, folder.id);
  }
  return names;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string choose_name(const std::vector<std::string>& taken, const std::string& wish,
                        const std::string& id) {
  if (!wish.empty()) return wish;
  std::string name = make_name(id);
  return contains(taken, name) ? cat(name, '_', id.substr(id.size() - 8)) : name;
}

}  // namespace

Container create(store::Store& store, const store::NamedImage& image, const std::string& image_name,
                 const Wishes& wishes) {
  const oci::RunConfig settings = lay_over(image.image.config.run, wishes);
  const std::vector<std::string> command = command_of(settings, image_name);
  working_dir_of(settings);
  check_volumes(wishes.volumes);
  if (!wishes.name.empty()) check_name(wishes.name);

  const auto lock = FileLock::wait(store.root().fd(), lock_name, LockMode::exclusive);
  const std::vector<std::string> taken = take_stock(store.containers());
  if (contains(taken, wishes.name))
    fail(ErrorKind::usage, "the name ", quoted(wishes.name),
         " is taken by another container; remove that one or choose another name");

  NewFolder folder(store.containers(), image.image.descriptor.digest);
  const std::string& id = folder.get().id;
  Container container{.id = id,
                      .name = choose_name(taken, wishes.name, id),
                      .image_name = image_name,
                      .image = folder.get().image_manifest,
                      .command = command,
                      .created = now(),
                      .started = {},
                      .finished = {},
                      .exit_code = {},
                      .runner = {},
                      .host_path = folder.get().host_path,
                      .wishes = wishes};
  check_text(container);
  write_record(container);
  folder.complete();
  return container;
}

}  // namespace strata::container
