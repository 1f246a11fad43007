#include "strata/remotecache/exports.hpp"

#include <atomic>
#include <chrono>
#include <functional>

#include "remotecache/artifact.hpp"
#include "strata/base/error.hpp"
#include "strata/base/stop.hpp"
#include "strata/registry/transfers.hpp"

namespace strata::remotecache {

namespace {

/// Between two tries to send one record.
constexpr std::chrono::milliseconds pause{500};

class Export {
 public:
  Export(store::Store& store, WorkerPool& pool, Depot& depot, const std::stop_token& stop)
      : store_(store), pool_(pool), depot_(depot), tags_(depot), stop_(stop) {}

  void send(const cache::Record& record) {
    const std::string tag = tags_.record(record.key());
    if (depot_.has(tag, stop_)) {
      ++there_;
      return;
    }
    LayerTreePointer tree;
    if (record.layer) {
      tree = store_.layers().tree(*record.layer);
      const auto arrival = depot_.put_blob(store_, record.layer->blob, stop_);
      if (arrival == registry::Arrival::sent) layer_bytes_ += record.layer->blob.size;
    }
    put(tag, make_record_artifact(record, tree.get(), pool_));
    ++sent_;
  }

  void send(const oci::Image& base) {
    const std::string tag = tags_.base(base.descriptor.digest);
    if (depot_.has(tag, stop_)) return;
    std::vector<LayerTreePointer> trees;
    for (const oci::Layer& layer : base.layers()) trees.push_back(store_.layers().tree(layer));
    put(tag, make_base_artifact(trees, pool_));
  }

  void send(const MountArchive& mount) {
    depot_.put_blob(store_, mount.layer.blob, stop_);
    put(tags_.mount(mount.id), make_mount_artifact(mount));
  }

  Exported exported() const { return {there_, sent_, layer_bytes_}; }

 private:
  /// The manifest last: what it names must be there.
  void put(const std::string& tag, const Artifact& artifact) {
    for (const SmallBlob& blob : artifact.blobs)
      depot_.put(blob.descriptor.digest, blob.bytes, stop_);
    depot_.put_manifest(tag, artifact.manifest, stop_);
  }

  store::Store& store_;
  WorkerPool& pool_;
  Depot& depot_;
  Tags tags_;
  const std::stop_token& stop_;
  std::atomic<std::size_t> there_ = 0;
  std::atomic<std::size_t> sent_ = 0;
  std::atomic<std::uint64_t> layer_bytes_ = 0;
};

/// Does it again once: a registry that another builder works with at the same time may stumble.
void patiently(const std::function<void()>& send, const std::stop_token& stop) {
  try {
    return send();
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::interrupted) throw;
  }
  wait_or_stop(pause, stop);
  send();
}

}  // namespace

Exported export_records(store::Store& store, WorkerPool& pool, Depot& depot,
                        const std::vector<cache::RecordPointer>& records,
                        const std::vector<oci::Image>& bases, const std::stop_token& stop) {
  Export all(store, pool, depot, stop);
  registry::for_each_transfer(records.size() + bases.size(), [&](std::size_t i) {
    throw_if_stopped(stop);
    const auto send = [&] {
      if (i < records.size())
        all.send(*records[i]);
      else
        all.send(bases[i - records.size()]);
    };
    patiently(send, stop);
  });
  depot.finish();
  return all.exported();
}

void export_mounts(store::Store& store, WorkerPool& pool, Depot& depot,
                   const std::vector<std::string>& ids, const std::stop_token& stop) {
  Export all(store, pool, depot, stop);
  for (const std::string& id : ids)
    for (const MountArchive& mount : pack_mounts(store, pool, id, stop)) all.send(mount);
  depot.finish();
}

}  // namespace strata::remotecache
