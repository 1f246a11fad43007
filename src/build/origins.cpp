#include "origins.hpp"

namespace strata::build {

struct Origins::Find {
  Origins& origins;
  const plan::Origin& origin;

  std::shared_ptr<exec::Place> operator()(const plan::FromContext& context) const {
    return origins.contexts_.find(context.name, [this] { return open(); });
  }
  std::shared_ptr<exec::Place> operator()(const plan::FromUrl& file) const {
    return origins.urls_.find(file, [this] { return open(); });
  }
  std::shared_ptr<exec::Place> operator()(const plan::FromGit& from) const {
    return origins.repositories_.find(from.repository, [this] { return open(); });
  }
  std::shared_ptr<exec::Place> operator()(const plan::FromStage& stage) const {
    const std::lock_guard lock(origins.mutex_);
    return origins.stages_.at(stage.stage);
  }
  std::shared_ptr<exec::Place> operator()(const plan::FromImage& image) const {
    return origins.images_.find(image.image->descriptor.digest, [&] {
      const auto layers = image.image->layers();
      const exec::Rootfs rootfs{layers, origins.store_.layers().view(layers)};
      return exec::open_rootfs(rootfs, origins.store_);
    });
  }

 private:
  std::shared_ptr<exec::Place> open() const {
    return exec::open_context(origins.open_place_(origin, origins.opening_));
  }
};

void Origins::add_stage(std::size_t stage, const exec::Rootfs& rootfs) {
  auto origin = exec::open_rootfs(rootfs, store_);
  const std::lock_guard lock(mutex_);
  stages_.insert_or_assign(stage, std::move(origin));
}

std::shared_ptr<exec::Place> Origins::find(const plan::Origin& origin) {
  return std::visit(Find{*this, origin}, origin);
}

}  // namespace strata::build
