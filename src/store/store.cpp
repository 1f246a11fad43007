#include "strata/store/store.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "store/names.hpp"
#include "strata/base/error.hpp"
#include "strata/base/file.hpp"
#include "strata/base/path.hpp"
#include "strata/base/stop.hpp"

namespace strata::store {

namespace {

constexpr std::array<const char*, 13> folders{
    "locks",          "blobs",        folder::blobs,  folder::trees,      folder::unpacked,
    folder::cache,    folder::slots,  folder::work,   folder::containers, folder::leases,
    folder::contexts, folder::mounts, folder::remotes};

constexpr const char* layout_file = "oci-layout";
constexpr const char* layout_text = R"({"imageLayoutVersion":"1.0.0"})";
constexpr const char* empty_index =
    R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]})";

std::string working_directory() {
  std::string path(4096, '\0');
  if (!::getcwd(path.data(), path.size())) fail_errno("cannot find the working directory");
  path.resize(path.find('\0'));
  return path;
}

bool is_ours(const std::string& name) {
  return name == "index.json" || std::find(folders.begin(), folders.end(), name) != folders.end();
}

/// A directory that nobody else may enter: image files can be setuid, and caches can be secret.
void check_privacy(const Root& root, const std::string& host_path) {
  const struct stat info = stat_of(root.fd());
  if (info.st_uid != ::geteuid()) {
    fail(ErrorKind::denied, "store ", quoted(host_path), " belongs to user ", info.st_uid,
         ", not to ", ::geteuid());
  }
  if ((info.st_mode & 0077) != 0) {
    fail(ErrorKind::denied, "other users may enter the store ", quoted(host_path),
         "; make it private with chmod 0700");
  }
}

void make_folders(const Root& root) {
  for (const char* path : folders) root.make_directories(path, 0700);
}

/// A new store. If two processes make it at once, each finds what the other has made.
void make_layout(const Root& root, const std::string& host_path) {
  const std::vector<std::string> names = root.list("");
  const bool is_made = std::find(names.begin(), names.end(), layout_file) != names.end();
  if (is_made) return;  // by another process, since this one looked
  if (!std::all_of(names.begin(), names.end(), is_ours)) {
    fail(ErrorKind::corrupt, quoted(host_path),
         " is not empty and no store of Strata; name another directory");
  }
  if (names.empty() && ::fchmod(root.fd(), 0700) != 0) {
    fail_errno("cannot make ", quoted(host_path), " private");
  }
  check_privacy(root, host_path);
  make_folders(root);
  for (const auto& [name, text] :
       {std::pair{"index.json", empty_index}, {layout_file, layout_text}}) {
    NewFile file(root.fd(), 0644);
    write_all(file.fd(), text);
    file.commit_once(name, Durability::synced);
  }
}

Root open_store(const std::string& host_path) {
  Root::open("/").make_directories(host_path, 0700);
  Root root = Root::open(host_path);
  if (!root.find_stat(layout_file)) {
    make_layout(root, host_path);
  } else if (!root.find_stat("locks")) {
    fail(ErrorKind::corrupt, quoted(host_path), " is an OCI layout but no store of Strata");
  }
  check_privacy(root, host_path);
  return root;
}

}  // namespace

struct Store::Parts {
  explicit Parts(const Root& root)
      : lease(root),
        blobs(root, lease),
        images(root, blobs, lease),
        layers(root, blobs, lease),
        cache_records(root, folder::cache),
        slots(root, folder::slots),
        containers(root),
        cache_mounts(root) {}

  Lease lease;
  Blobs blobs;
  Images images;
  Layers layers;
  Records cache_records;
  Records slots;
  Containers containers;
  CacheMounts cache_mounts;
};

Store::Store(const std::string& host_path)
    : host_path_(absolute_path(working_directory(), host_path)),
      root_(open_store(host_path_)),
      parts_(std::make_unique<Parts>(root_)) {
  WorkDirectory::remove_abandoned(root_);
}

Store::~Store() = default;

const Blobs& Store::blobs() const { return parts_->blobs; }
const Images& Store::images() const { return parts_->images; }
const Layers& Store::layers() const { return parts_->layers; }
const Records& Store::cache_records() const { return parts_->cache_records; }
const Records& Store::slots() const { return parts_->slots; }
const Containers& Store::containers() const { return parts_->containers; }
const CacheMounts& Store::cache_mounts() const { return parts_->cache_mounts; }
Lease& Store::lease() { return parts_->lease; }

/// The kernel's own waiting could not be interrupted.
FileLock Store::lock_arrival(const Digest& blob, const std::stop_token& stop) const {
  constexpr auto retry_after = std::chrono::milliseconds(20);
  for (;;) {
    auto lock =
        FileLock::try_now(root_.fd(), lock_file::arrivals, LockMode::exclusive, byte_of(blob));
    if (lock) return std::move(*lock);
    wait_or_stop(retry_after, stop);
  }
}

FileLock Store::lock_collect(LockMode mode) const {
  return FileLock::wait(root_.fd(), lock_file::collect, mode);
}

}  // namespace strata::store
