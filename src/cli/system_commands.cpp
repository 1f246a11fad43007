// `system df`, `system prune`, `verify`, `version`.

#include <chrono>
#include <set>

#include "command.hpp"
#include "print.hpp"
#include "strata/base/error.hpp"
#include "strata/base/json.hpp"
#include "strata/base/text.hpp"
#include "strata/cache/record.hpp"
#include "strata/container/container.hpp"
#include "strata/inspect/disk_usage.hpp"
#include "strata/remote/fetch.hpp"
#include "strata/store/collect.hpp"
#include "strata/store/verify.hpp"

namespace strata::cli {

namespace {

/// How long things are remembered that no build asks for.
constexpr auto remembered_unused_max = std::chrono::days(30);

/// One line of the overview.
struct Total {
  const char* type;
  std::size_t count;
  std::size_t active;
  std::uint64_t size;
  std::uint64_t reclaimable;
};

std::vector<Total> totals_of(const inspect::DiskUsage& usage) {
  std::size_t images_active = 0;
  for (const auto& image : usage.images) images_active += image.containers > 0;
  std::size_t running = 0;
  for (const auto& one : usage.containers) running += one.running;
  std::size_t mounts_in_use = 0;
  for (const auto& one : usage.cache_mounts) mounts_in_use += one.in_use;
  return {{"Images", usage.images.size(), images_active, usage.images_size, usage.images_unused},
          {"Containers", usage.containers.size(), running, usage.containers_size,
           usage.containers_stopped},
          {"Build Cache", usage.cache.size(), 0, usage.cache_size, usage.cache_size},
          {"Cache Mounts", usage.cache_mounts.size(), mounts_in_use, usage.cache_mounts_size,
           usage.cache_mounts_unused},
          {"Unpacked Layers", usage.unpacked_count, 0, usage.unpacked_size, usage.unpacked_size},
          {"Unreferenced", 0, 0, usage.loose_size, usage.loose_size}};
}

std::string reclaimable_text(const Total& total) {
  const std::uint64_t percent = total.size == 0 ? 0 : total.reclaimable * 100 / total.size;
  return cat(human_size(total.reclaimable), " (", percent, "%)");
}

void print_totals_json(const std::vector<Total>& totals) {
  for (const Total& total : totals)
    print_line(to_text(json::object{{"Type", total.type},
                                    {"TotalCount", total.count},
                                    {"Active", total.active},
                                    {"Size", human_size(total.size)},
                                    {"SizeBytes", total.size},
                                    {"Reclaimable", reclaimable_text(total)},
                                    {"ReclaimableBytes", total.reclaimable}}));
}

Table totals_table(const std::vector<Total>& totals) {
  Table table({"TYPE", "TOTAL", "ACTIVE", "SIZE", "RECLAIMABLE"});
  for (const Total& total : totals)
    table.add({total.type, cat(total.count), cat(total.active), human_size(total.size),
               reclaimable_text(total)});
  return table;
}

void print_image_usage(const inspect::DiskUsage& usage) {
  Table table({"IMAGE", "IMAGE ID", "SIZE", "SHARED SIZE", "UNIQUE SIZE", "CONTAINERS"});
  for (const auto& image : usage.images)
    table.add({image.name, image.id.short_hex(), human_size(image.size), human_size(image.shared),
               human_size(image.unique), cat(image.containers)});
  print(cat("Images space usage:\n\n", table.text(), '\n'));
}

void print_container_usage(const inspect::DiskUsage& usage) {
  Table table({"CONTAINER ID", "NAME", "SIZE", "STATUS"});
  for (const auto& one : usage.containers)
    table.add({one.id.substr(0, 12), one.name, human_size(one.size),
               one.running ? "running" : "stopped"});
  print(cat("Containers space usage:\n\n", table.text(), '\n'));
}

void print_cache_usage(const inspect::DiskUsage& usage) {
  Table table({"CACHE ID", "INSTRUCTION", "CREATED", "SIZE", "SHARED"});
  for (const auto& record : usage.cache)
    table.add({record.key.digest().short_hex(), one_line(record.text, 50),
               human_age(record.created, now()), human_size(record.size),
               record.shared ? "true" : "false"});
  print(cat("Build cache usage:\n\n", table.text(), '\n'));
}

void print_cache_mount_usage(const inspect::DiskUsage& usage) {
  Table table({"CACHE MOUNT ID", "NAME", "LAST USED", "SIZE", "IN USE"});
  for (const auto& cache : usage.cache_mounts)
    table.add({cache.id.short_hex(), one_line(cache.name, 50), human_age(cache.used, now()),
               human_size(cache.size), cache.in_use ? "true" : "false"});
  print(cat("Cache mounts space usage:\n\n", table.text()));
}

void print_details_json(const inspect::DiskUsage& usage) {
  json::array images, containers, cache, mounts;
  for (const auto& image : usage.images)
    images.push_back(json::object{{"Name", image.name},
                                  {"ID", to_string(image.id)},
                                  {"SizeBytes", image.size},
                                  {"SharedSizeBytes", image.shared},
                                  {"UniqueSizeBytes", image.unique},
                                  {"Containers", image.containers}});
  for (const auto& one : usage.containers)
    containers.push_back(json::object{
        {"ID", one.id}, {"Name", one.name}, {"SizeBytes", one.size}, {"Running", one.running}});
  for (const auto& record : usage.cache)
    cache.push_back(json::object{{"ID", record.key.hex()},
                                 {"Description", record.text},
                                 {"CreatedAt", rfc3339(record.created)},
                                 {"SizeBytes", record.size},
                                 {"Shared", record.shared}});
  for (const auto& one : usage.cache_mounts)
    mounts.push_back(json::object{{"ID", one.id.hex()},
                                  {"Name", one.name},
                                  {"LastUsedAt", rfc3339(one.used)},
                                  {"SizeBytes", one.size},
                                  {"InUse", one.in_use}});
  print_line(to_text(json::object{{"Images", images},
                                  {"Containers", containers},
                                  {"BuildCache", cache},
                                  {"CacheMounts", mounts}}));
}

/// Which cache records a prune drops: all of them, or those whose layer no image has.
std::function<bool(const Digest&, std::string_view)> records_to_drop(const store::Store& store,
                                                                     bool all) {
  if (all) return [](const Digest&, std::string_view) { return true; };
  std::set<Digest> layers;
  for (const auto& named : store.images().list())
    for (const auto& layer : named.image.manifest.layers) layers.insert(layer.digest);
  return [layers = std::move(layers)](const Digest&, std::string_view text) {
    const auto record = cache::decode_record(text);
    return !record || (record->layer && !layers.contains(record->layer->blob.digest));
  };
}

void remove_stopped_containers(store::Store& store) {
  for (const container::Container& one : container::list(store)) {
    if (one.state == container::State::running) continue;
    container::remove(store, one);
    print_line(cat("deleted container ", one.id));
  }
}

void remove_unused_images(store::Store& store, bool all) {
  std::set<Digest> in_use;
  for (const container::Container& one : container::list(store)) in_use.insert(one.image);
  const auto keep = [&](const Digest& manifest) { return in_use.contains(manifest); };
  for (const Digest& id : store.images().remove_dangling(keep))
    print_line(cat("deleted image ", id));
  if (!all) return;
  for (const auto& named : store.images().list()) {
    if (keep(named.image.descriptor.digest)) continue;
    store.images().remove(to_string(named.image.id()), store::Images::Force::yes);
    for (const auto& name : named.names) print_line(cat("untagged ", oci::familiar_name(name)));
    print_line(cat("deleted image ", named.image.id()));
  }
}

}  // namespace

Syntax df_syntax() {
  Syntax syntax{
      "strata system df [OPTIONS]",
      "Shows what takes space on the disk. Each byte is counted once; the sum is what the\n"
      "store holds."};
  add_switch(syntax, "verbose,v", "every image, container and cache record");
  add_value(syntax, "format", "table or json");
  return syntax;
}

int run_df(Session& session, const Arguments& arguments) {
  const Format format = parse_format(arguments.text("format", "table"));
  const inspect::DiskUsage usage = inspect::measure(session.store());
  const bool verbose = arguments.is_set("verbose");
  if (format == Format::json) {
    if (verbose)
      print_details_json(usage);
    else
      print_totals_json(totals_of(usage));
    return 0;
  }
  if (!verbose) {
    print(totals_table(totals_of(usage)).text());
    return 0;
  }
  print_image_usage(usage);
  print_container_usage(usage);
  print_cache_usage(usage);
  print_cache_mount_usage(usage);
  return 0;
}

Syntax prune_syntax() {
  Syntax syntax{
      "strata system prune [OPTIONS]",
      "Removes stopped containers, images without a name, cache records that belong to no\n"
      "image, cache mounts that no build is using, and every layer that nothing needs then;\n"
      "of what is remembered of URLs, repositories and contexts, what no build has used for\n"
      "30 days and what has lost its bytes."};
  add_switch(syntax, "all,a", "also all images that no container uses, and all of the build cache");
  add_switch(syntax, "force,f", "as Docker's: nothing is asked here");
  add_value(syntax, "format", "table or json");
  return syntax;
}

int run_prune(Session& session, const Arguments& arguments) {
  store::Store& store = session.store();
  const bool all = arguments.is_set("all");
  remove_stopped_containers(store);
  remove_unused_images(store, all);
  const auto drop_record = records_to_drop(store, all);
  store.lease().release();
  const Time unused_since = all ? Time::max() : now() - remembered_unused_max;
  const store::Collected collected =
      store::collect(store, {cache::record_references, drop_record, /*drop_derived=*/all,
                             remote::blob_of_record, unused_since, /*drop_cache_mounts=*/true});
  if (parse_format(arguments.text("format", "table")) == Format::json) {
    print_line(to_text(json::object{{"CachesDeleted", collected.records.size()},
                                    {"CacheMountsDeleted", collected.cache_mounts.size()},
                                    {"BlobsDeleted", collected.blobs.size()},
                                    {"RemotesDeleted", collected.fetched.size()},
                                    {"ContextIndexesDeleted", collected.indexes.size()},
                                    {"SpaceReclaimed", collected.bytes}}));
    return 0;
  }
  for (const auto& cache : collected.cache_mounts)
    print_line(cat("deleted cache mount ", cache.name));
  print_line(cat("deleted ", collected.records.size(), " cache records, ", collected.blobs.size(),
                 " blobs, ", collected.layers.size(), " unpacked layers"));
  if (!collected.fetched.empty() || !collected.indexes.empty())
    print_line(cat("forgot ", collected.fetched.size(), " fetched files and commits, and ",
                   collected.indexes.size(), " contexts"));
  print_line(cat("Total reclaimed space: ", human_size(collected.bytes)));
  return 0;
}

Syntax verify_syntax() {
  Syntax syntax{"strata verify [--deep]", "Proves that the store is whole."};
  add_switch(syntax, "deep", "read every byte and check it against its digest");
  return syntax;
}

int run_verify(Session& session, const Arguments& arguments) {
  const auto depth = arguments.is_set("deep") ? store::Depth::bytes : store::Depth::references;
  const auto faults = store::verify(session.store(), depth);
  for (const std::string& fault : faults) print_line(fault);
  if (!faults.empty())
    fail(ErrorKind::corrupt, "the store has ", faults.size(),
         " faults; `strata system prune -a` and a "
         "new build, or a new load of the image, make it whole");
  print_line("the store is whole");
  return 0;
}

Syntax version_syntax() {
  Syntax syntax{"strata version", "Shows the version."};
  add_value(syntax, "format", "table or json");
  return syntax;
}

int run_version(Session&, const Arguments& arguments) {
  if (parse_format(arguments.text("format", "table")) == Format::json)
    print_line(to_text(json::object{{"Version", STRATA_VERSION}}));
  else
    print_line("strata " STRATA_VERSION);
  return 0;
}

}  // namespace strata::cli
