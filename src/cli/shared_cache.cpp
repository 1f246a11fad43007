#include "shared_cache.hpp"

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"
#include "strata/cache/cache.hpp"
#include "strata/remotecache/inlined.hpp"

namespace strata::cli {

namespace {

using remotecache::PlaceType;

/// The records that go there, of several platforms each once.
std::vector<cache::RecordPointer> records_for(remotecache::Mode mode,
                                              const std::vector<build::Built>& built) {
  std::vector<cache::RecordPointer> records;
  std::set<CacheKey> seen;
  for (const build::Built& one : built)
    for (const auto& record : mode == remotecache::Mode::max ? one.all_records : one.own_records)
      if (seen.insert(record->key()).second) records.push_back(record);
  return records;
}

std::vector<oci::Image> images_of(const std::vector<build::Built>& built) {
  std::vector<oci::Image> images;
  std::set<Digest> seen;
  for (const build::Built& one : built)
    for (const oci::Image& image : one.images)
      if (seen.insert(image.descriptor.digest).second) images.push_back(image);
  return images;
}

}  // namespace

void add_shared_cache_options(Syntax& syntax) {
  add_values(syntax, "cache-from",
             "where other machines' results are looked up: type=registry,ref=NAME or\n"
             "type=local,src=DIR");
  add_values(syntax, "cache-to",
             "where this build's results go: type=registry,ref=NAME, type=local,dest=DIR or\n"
             "type=inline; with mode=max those of all stages, with mounts=ID a cache mount");
}

SharedCacheRequest read_shared_cache_request(const Arguments& arguments) {
  SharedCacheRequest request;
  for (const std::string& text : arguments.texts("cache-from"))
    request.from.push_back(remotecache::parse_cache_from(text));
  for (const std::string& text : arguments.texts("cache-to"))
    request.to.push_back(remotecache::parse_cache_to(text));
  return request;
}

SharedCache::SharedCache(const SharedCacheRequest& request,
                         const std::vector<oci::Platform>& platforms, RegistryAccess& access,
                         Session& session, remotecache::Tell tell, std::stop_token stop)
    : access_(access), session_(session), tell_(std::move(tell)), stop_(std::move(stop)) {
  std::vector<std::shared_ptr<remotecache::Depot>> sources;
  for (const remotecache::PlaceSpec& place : request.from) sources.push_back(open(place));
  if (!sources.empty())
    imports_ = std::make_unique<remotecache::Imports>(session.store(), std::move(sources),
                                                      platforms, tell_, stop_);
  for (const remotecache::ExportSpec& spec : request.to) {
    if (spec.place.type == PlaceType::inlined)
      is_inlined_ = true;
    else
      targets_.push_back({spec, open(spec.place)});
  }
}

std::shared_ptr<remotecache::Depot> SharedCache::open(const remotecache::PlaceSpec& place) {
  const bool is_registry = place.type == PlaceType::registry;
  const std::string name =
      is_registry ? oci::canonical_name(place.repository) : cat("directory ", place.directory);
  auto& depot = depots_[name];
  if (!depot)
    depot = is_registry ? remotecache::open_registry(access_.registries(), place.repository)
                        : remotecache::open_layout(place.directory);
  return depot;
}

void SharedCache::give_up(const Error& why) {
  tell_(cat("warning: the build begins anew without shared caches: ", why.message()));
  imports_.reset();
  session_.store().layers().forget_promises();
}

oci::Image SharedCache::finish(const build::Built& built) const {
  return is_inlined_ ? remotecache::with_records(built.image, built.own_records) : built.image;
}

void SharedCache::keep(const std::vector<build::Built>& built) const {
  if (!imports_) return;
  const cache::Cache cache(session_.store());
  for (const auto& record : records_for(remotecache::Mode::max, built)) {
    try {
      cache.keep(*record);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::corrupt) throw;
      tell_(cat("warning: a record of a shared cache is not kept: ", error.message()));
    }
  }
}

void SharedCache::send(const std::vector<build::Built>& built) const {
  for (const Target& target : targets_) {
    try {
      send_to(target, built);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::interrupted) throw;
      tell_(cat("warning: shared cache ", target.depot->text(),
                " did not get all: ", error.message()));
    }
  }
}

void SharedCache::send_to(const Target& target, const std::vector<build::Built>& built) const {
  const remotecache::Exported sent =
      remotecache::export_records(session_.store(), session_.pool(), *target.depot,
                                  records_for(target.spec.mode, built), images_of(built), stop_);
  if (!target.spec.mounts.empty())
    remotecache::export_mounts(session_.store(), session_.pool(), *target.depot, target.spec.mounts,
                               stop_);
  tell_(cat("shared cache ", target.depot->text(), ": ", sent.records_sent, " steps sent, with ",
            human_size(sent.layer_bytes), " of layers; ", sent.records_there, " were there"));
}

}  // namespace strata::cli
