// What `diff` shows: the layer that the writable directory would make, compared with the image.

#include "container/image.hpp"
#include "strata/container/container.hpp"
#include "strata/exec/writable_layer.hpp"

namespace strata::container {

namespace {

Change::Kind kind_of(const Entry& entry, const RootfsView& image) {
  if (entry.is_removal()) return Change::Kind::deleted;
  return image.exists(entry.path) ? Change::Kind::changed : Change::Kind::added;
}

}  // namespace

std::vector<Change> changes(store::Store& store, const Container& container) {
  const RootfsView image = store.layers().view(load_image(store, container.image).layers());
  const Root folder = Root::open(container.host_path);
  const Tree written = exec::read_changes(folder.open_directory("upper"), image);
  std::vector<Change> changes;
  for (const Entry& entry : written.entries())
    changes.push_back({kind_of(entry, image), "/" + entry.path});
  return changes;
}

}  // namespace strata::container
