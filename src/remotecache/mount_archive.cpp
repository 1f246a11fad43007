#include "strata/remotecache/mount_archive.hpp"

#include <fcntl.h>

#include "strata/base/error.hpp"
#include "strata/base/json.hpp"
#include "strata/base/path.hpp"
#include "strata/exec/writable_layer.hpp"
#include "strata/oci/media_type.hpp"
#include "strata/store/unpacker.hpp"

namespace strata::remotecache {

namespace {

constexpr const char* label_file = "cache.json";
constexpr std::string_view data_folder = "data";
constexpr std::size_t label_size_max = 64u << 10;

std::string label_of(const store::CacheMountInfo& cache) {
  json::object label;
  label["id"] = to_string(cache.id);
  label["name"] = cache.name;
  return to_text(label) + '\n';
}

/// The cache's files below `data`, and the label beside it.
Tree archive_tree(const Root& data, const std::string& label) {
  std::vector<Entry> entries;
  Entry file;
  file.path = label_file;
  file.mode = 0644;
  file.size = label.size();
  entries.push_back(std::move(file));
  const struct stat look = stat_of(data.fd());
  Entry folder;
  folder.path = data_folder;
  folder.type = EntryType::directory;
  folder.mode = look.st_mode & 07777u;
  folder.uid = look.st_uid;
  folder.gid = look.st_gid;
  folder.mtime = look.st_mtim.tv_sec;
  entries.push_back(std::move(folder));
  const Tree content = exec::read_changes(data, RootfsView());
  for (Entry entry : content.entries()) {
    entry.path = join_path(data_folder, entry.path);
    if (entry.type == EntryType::hard_link)
      entry.rare.edit().link = join_path(data_folder, entry.rare->link);
    entries.push_back(std::move(entry));
  }
  return Tree(std::move(entries));
}

std::unique_ptr<Source> open_content(const Root& data, const Entry& entry,
                                     const std::string& label) {
  if (entry.path == label_file) return std::make_unique<StringSource>(label);
  const std::string inside = entry.path.substr(data_folder.size() + 1);
  return std::make_unique<FdSource>(data.open_file(inside, O_RDONLY | O_NOFOLLOW, Links::keep));
}

oci::Layer pack(store::Store& store, WorkerPool& pool, const Root& data, const std::string& label) {
  store::NewBlob blob = store.blobs().create(store::HashedBy::writer);
  const auto open = [&](const Entry& entry) { return open_content(data, entry, label); };
  WrittenLayer written =
      write_layer(archive_tree(data, label), open, blob, make_compression(Codec::gzip, 0), pool);
  blob.commit_hashed(written.digest);
  store.layers().put_tree(written.diff_id, std::move(written.layer));
  return {written.diff_id,
          {std::string(oci::media_type::layer_gzip), written.digest, written.blob_size, {}, {}}};
}

[[noreturn]] void fail_unknown(const std::string& name,
                               const std::vector<store::CacheMountInfo>& all) {
  std::vector<std::string> names;
  for (const store::CacheMountInfo& cache : all)
    if (names.empty() || names.back() != quoted(cache.name)) names.push_back(quoted(cache.name));
  fail(ErrorKind::not_found, "there is no cache mount ", quoted(name),
       names.empty() ? "; no RUN --mount=type=cache has made one yet"
                     : cat("; there are ", join(names, ", ")));
}

/// Paths of an archive are those of the cache below `data`.
std::string inside_data(const std::string& path) {
  return path.size() == data_folder.size() ? "" : path.substr(data_folder.size() + 1);
}

}  // namespace

std::vector<MountArchive> pack_mounts(store::Store& store, WorkerPool& pool,
                                      const std::string& name, const std::stop_token& stop) {
  const auto all = store.cache_mounts().list();
  std::vector<MountArchive> archives;
  for (const store::CacheMountInfo& cache : all) {
    if (cache.name != name) continue;
    const auto held = store.cache_mounts().hold_alone(cache.id, stop);
    if (held)
      archives.push_back({cache.id, name, pack(store, pool, held->data(), label_of(cache))});
  }
  if (archives.empty()) fail_unknown(name, all);
  return archives;
}

MountArchive read_mount_archive(store::Store& store, const oci::Layer& layer) {
  const std::string what = cat("the archive ", layer.blob.digest);
  const auto tree = store.layers().tree(layer);
  const Entry* file = tree->tree.find(label_file);
  const Entry* data = tree->tree.find(data_folder);
  if (!file || !file->is_file() || !data || !data->is_directory())
    fail(ErrorKind::corrupt, what, " is none of a cache mount: it has no ", label_file,
         ", or no directory ", data_folder, "; strata cache export makes one");
  const auto bytes = store.layers().open_file(layer, *file);
  const json::value label = parse_json(read_all(*bytes, label_size_max, label_file), label_file);
  const JsonObject object(label, cat(what, ": ", label_file));
  return {Digest::parse(object.string("id"), cat(what, ": id")), object.string("name"), layer};
}

void unpack_mount(store::Store& store, const MountArchive& archive, const Root& data) {
  const oci::Layer& layer = archive.layer;
  const Fd file = store.blobs().open(layer.blob.digest);
  PreadSource bytes(file.get());
  store::Unpacker unpacker(data);
  const auto codec = oci::media_type::layer_codec(layer.blob.media_type).value_or(Codec::gzip);
  read_layer(bytes, layer.blob.digest, codec, [&](Entry entry, Source* content) {
    if (!is_within(entry.path, data_folder)) return;
    entry.path = inside_data(entry.path);
    if (entry.type == EntryType::hard_link) {
      if (!is_within(entry.rare->link, data_folder))
        fail(ErrorKind::corrupt, "a link of the archive leads out of the cache");
      entry.rare.edit().link = inside_data(entry.rare->link);
    }
    unpacker.apply(entry, content);
  });
  unpacker.finish();
}

void put_mount(store::Store& store, const MountArchive& archive, const std::stop_token& stop) {
  const auto fill = [&](const Root& data) { unpack_mount(store, archive, data); };
  store.cache_mounts().replace({archive.id, archive.name, store::CacheSharing::locked, fill, {}},
                               stop);
}

}  // namespace strata::remotecache
