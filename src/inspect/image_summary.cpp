#include "strata/inspect/image_summary.hpp"

#include <algorithm>

namespace strata::inspect {

namespace {

ImageRow row_of(const store::NamedImage& named, std::uint64_t size) {
  const oci::Image& image = named.image;
  return {"<none>", "<none>", image.id(), image.descriptor.digest, image.config.created, size};
}

std::uint64_t layer_size(const store::Store& store, const oci::Layer& layer) {
  return store.layers().tree(layer)->tree.file_bytes();
}

HistoryRow row_of(const oci::HistoryEntry& entry) {
  HistoryRow row{};
  row.created = entry.created;
  row.created_by = entry.created_by;
  row.comment = entry.comment;
  return row;
}

void give_layer(HistoryRow& row, const store::Store& store, const oci::Layer& layer) {
  row.layer = layer.diff_id;
  row.size = layer_size(store, layer);
}

}  // namespace

std::vector<ImageRow> list_images(const store::Store& store) {
  std::vector<ImageRow> rows;
  for (const store::NamedImage& named : store.images().list()) {
    const ImageRow bare = row_of(named, image_size(store, named.image));
    if (named.names.empty()) rows.push_back(bare);
    for (const oci::Reference& name : named.names) {
      ImageRow row = bare;
      row.repository = oci::familiar_repository(name);
      if (!name.tag.empty()) row.tag = name.tag;
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

std::vector<HistoryRow> list_history(const store::Store& store, const oci::Image& image) {
  std::vector<HistoryRow> rows;
  const auto layers = image.layers();
  auto layer = layers.begin();
  for (const oci::HistoryEntry& entry : image.config.history) {
    rows.push_back(row_of(entry));
    if (!entry.empty_layer && layer != layers.end()) give_layer(rows.back(), store, *layer++);
  }
  for (; layer != layers.end(); ++layer) give_layer(rows.emplace_back(), store, *layer);
  std::reverse(rows.begin(), rows.end());
  if (!rows.empty()) rows.front().image = image.id();
  return rows;
}

std::uint64_t image_size(const store::Store& store, const oci::Image& image) {
  std::uint64_t size = 0;
  for (const oci::Layer& layer : image.layers()) size += layer_size(store, layer);
  return size;
}

}  // namespace strata::inspect
