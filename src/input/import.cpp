#include "strata/input/import.hpp"

#include <algorithm>

#include "input/rootfs_files.hpp"
#include "strata/base/error.hpp"
#include "strata/oci/media_type.hpp"

namespace strata::input {

namespace {

oci::Layer write_rootfs_layer(store::Store& store, const RootfsFiles& files,
                              const ImportOptions& options, WorkerPool& pool) {
  store::NewBlob blob = store.blobs().create();
  WrittenLayer written = write_layer(
      files.tree(), [&](const Entry& entry) { return files.open(entry); }, blob,
      options.compression, pool);
  blob.commit();
  store.layers().put_tree(written.diff_id, std::move(written.layer));
  return {written.diff_id,
          {std::string(oci::media_type::layer_type(options.compression.codec)),
           written.digest,
           written.blob_size,
           {},
           {}}};
}

oci::ImageConfig make_config(const ImportOptions& options) {
  const Time created = options.created.value_or(now());
  oci::ImageConfig config;
  config.created = created;
  config.platform = options.platform;
  config.run = options.run;
  config.history = {{created, "imported from " + options.origin, "", options.message, false}};
  return config;
}

}  // namespace

LoadedImage import_rootfs(store::Store& store, Source& tar,
                          const std::vector<oci::Reference>& names, const ImportOptions& options,
                          WorkerPool& pool) {
  const RootfsFiles files(store, tar, options.origin, options.latest_mtime);
  const oci::Layer layer = write_rootfs_layer(store, files, options, pool);
  oci::Image image = oci::make_image(make_config(options), {layer});
  auto replaced = store.images().put(image, names);
  return {std::move(image), names, std::move(replaced)};
}

}  // namespace strata::input
