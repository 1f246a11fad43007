#include "origins.hpp"

namespace strata::build {

void Origins::add_stage(std::size_t stage, const exec::Rootfs& rootfs) {
  auto origin = exec::open_rootfs(rootfs, store_);
  const std::lock_guard lock(mutex_);
  stages_.insert_or_assign(stage, std::move(origin));
}

std::shared_ptr<exec::Place> Origins::find(const plan::Origin& origin) {
  const std::lock_guard lock(mutex_);
  return std::visit([this](const auto& place) { return open(place); }, origin);
}

std::shared_ptr<exec::Place> Origins::open(const plan::FromContext& context) {
  auto& opened = contexts_[context.name];
  if (!opened) opened = exec::open_context(open_context_(context.name));
  return opened;
}

std::shared_ptr<exec::Place> Origins::open(const plan::FromStage& stage) {
  return stages_.at(stage.stage);
}

std::shared_ptr<exec::Place> Origins::open(const plan::FromImage& image) {
  auto& opened = images_[image.image->descriptor.digest];
  if (!opened) {
    const auto layers = image.image->layers();
    opened = exec::open_rootfs({layers, store_.layers().view(layers)}, store_);
  }
  return opened;
}

}  // namespace strata::build
