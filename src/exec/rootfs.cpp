#include "strata/exec/rootfs.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

namespace strata::exec {

namespace {

/// The trees say everything about the files; their bytes are read out of the layers' blobs.
class RootfsPlace : public Place {
 public:
  RootfsPlace(const Rootfs& rootfs, const store::Store& store) : rootfs_(rootfs), store_(store) {}

  const RootfsView& view() const override { return rootfs_.view(); }

  std::vector<ContentDigest> digests(std::span<const RootfsView::Found> files) override {
    std::vector<ContentDigest> digests;
    digests.reserve(files.size());
    for (const auto& file : files) {
      if (!file.entry->content)
        fail(ErrorKind::corrupt, "the layer's tree does not know the content of ",
             quoted(file.entry->path));
      digests.push_back(*file.entry->content);
    }
    return digests;
  }

  std::unique_ptr<Source> open(const RootfsView::Found& file) override {
    return store_.layers().open_file(rootfs_.layers().at(file.layer), *file.entry);
  }

  bool verifies() const override { return true; }

  ShownPart show(const PlacePart& part, Engine& engine, const std::stop_token&) override {
    return {overlay_lowers(rootfs_, store_, engine.pool), part.path};
  }

 private:
  Rootfs rootfs_;
  const store::Store& store_;
};

std::optional<RootfsView::Found> find_regular(const RootfsView& view, std::string_view path) {
  auto found = view.find(view.resolve(path, RootfsView::LastComponent::follow));
  if (found && found->entry->type == EntryType::hard_link) found = view.file_of(*found);
  if (!found || !found->entry->is_file()) return std::nullopt;
  return found;
}

}  // namespace

Rootfs::Rootfs(std::vector<oci::Layer> layers, RootfsView view)
    : layers_(std::move(layers)), view_(std::move(view)) {
  for (const oci::Layer& layer : layers_) chain_ = chain_id(chain_, layer.diff_id);
}

void Rootfs::add(const oci::Layer& layer, LazyTree tree) {
  layers_.push_back(layer);
  view_ = view_.with_layer(std::move(tree));
  chain_ = chain_id(chain_, layer.diff_id);
}

std::vector<std::string> overlay_lowers(const Rootfs& rootfs, const store::Store& store,
                                        WorkerPool& pool) {
  std::vector<const oci::Layer*> shown;
  std::set<DiffId> seen;
  for (std::size_t i = rootfs.layers().size(); i-- > 0;) {
    const oci::Layer& layer = rootfs.layers()[i];
    const bool is_empty = rootfs.view().layers().at(i)->empty();
    if (!is_empty && seen.insert(layer.diff_id).second) shown.push_back(&layer);
  }
  std::vector<std::string> paths(shown.size());
  // The largest first: what comes last has nothing beside it.
  std::vector<std::size_t> order(shown.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater(),
                           [&](std::size_t i) { return shown[i]->blob.size; });
  pool.for_each_index(order.size(), [&](std::size_t i) {
    paths[order[i]] = store.layers().unpacked_path(*shown[order[i]], &pool);
  });
  return paths;
}

std::shared_ptr<Place> open_rootfs(const Rootfs& rootfs, store::Store& store) {
  return std::make_shared<RootfsPlace>(rootfs, store);
}

ReadFile make_reader(const Rootfs& rootfs, const store::Store& store) {
  return [&rootfs, &store](std::string_view path) -> std::optional<std::string> {
    const auto found = find_regular(rootfs.view(), path);
    if (!found) return std::nullopt;
    const auto bytes = store.layers().open_file(rootfs.layers().at(found->layer), *found->entry);
    return read_all(*bytes, account_file_size_max, cat("/", path));
  };
}

}  // namespace strata::exec
