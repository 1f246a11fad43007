#include "strata/registry/layers.hpp"

#include "strata/base/error.hpp"

namespace strata::registry {

namespace {

Arrival receive(const Repository& repository, store::Store& store, const oci::Layer& layer,
                const http::Watch& watch) {
  std::unique_ptr<store::ArrivingLayer> arriving;
  const auto begin = [&](const http::Answer&) -> Sink& {
    arriving.reset();  // what came of an earlier attempt is void
    arriving = store.layers().receive(layer.blob.digest, layer.diff_id);
    return *arriving;
  };
  std::uint64_t received = 0;
  const auto tell = [&](std::uint64_t bytes) {
    received = bytes;
    if (watch.progress) watch.progress(bytes);
  };
  repository.fetch_blob(layer.blob.digest, layer.blob.size, begin, {watch.stop, tell});
  if (!arriving)
    fail(ErrorKind::corrupt, "the registry has sent nothing for layer ", layer.blob.digest);
  if (received != layer.blob.size) {
    fail(ErrorKind::corrupt, "layer ", layer.blob.digest, " has ", received,
         " bytes, but the manifest says ", layer.blob.size);
  }
  arriving->commit();
  return Arrival::sent;
}

}  // namespace

Arrival fetch_layer(const Repository& repository, store::Store& store, const oci::Layer& layer,
                    const http::Watch& watch) {
  const FileLock turn = store.lock_arrival(layer.blob.digest, watch.stop);
  // Whoever had the turn before may have fetched it.
  store.lease().hold(layer.blob.digest);
  const auto size = store.blobs().await_size(layer.blob.digest);
  if (!size) return receive(repository, store, layer, watch);
  if (*size != layer.blob.size) {
    fail(ErrorKind::corrupt, "layer ", layer.blob.digest, " has ", *size,
         " bytes, but the manifest says ", layer.blob.size);
  }
  return Arrival::was_there;
}

Arrival send_blob(const Repository& repository, store::Store& store, const oci::Descriptor& blob,
                  const std::vector<std::string>& mount_from, const http::Watch& watch) {
  if (store.layers().is_promised(blob.digest)) {
    if (const auto arrival = repository.offer_blob(blob.digest, mount_from, watch)) return *arrival;
    store.layers().bring(blob.digest);
  }
  store.lease().hold(blob.digest);
  const Fd file = store.blobs().open(blob.digest);
  const auto size = static_cast<std::uint64_t>(stat_of(file.get()).st_size);
  if (size != blob.size) {
    fail(ErrorKind::corrupt, "blob ", blob.digest, " has ", size, " bytes in the store, but ",
         blob.size, " by its manifest; strata verify tells more");
  }
  return repository.put_blob({blob.digest, size, file.get()}, mount_from, watch);
}

}  // namespace strata::registry
