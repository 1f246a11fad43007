#include "base_images.hpp"

#include "progress.hpp"
#include "strata/base/error.hpp"
#include "strata/base/text.hpp"
#include "strata/registry/pull.hpp"
#include "transfer_progress.hpp"

namespace strata::cli {

namespace {

/// For what happens while something else is shown.
class Unshown : public registry::TransferObserver {
 public:
  void on_event(const registry::TransferEvent&) override {}
};

}  // namespace

std::shared_ptr<const oci::Image> StoreImages::find(const std::string& name,
                                                    const oci::Platform& platform) {
  auto image = session_.store().images().find_reference(oci::parse_reference(name), platform);
  return image ? std::make_shared<oci::Image>(std::move(*image)) : nullptr;
}

std::shared_ptr<const oci::Image> StoreImages::context_image(const std::string& name,
                                                             const oci::Platform& platform) {
  const std::string& place = request_.contexts.at(name);
  try {
    if (const auto wanted = find_image_name(place)) return find(*wanted, platform);
    return std::make_shared<oci::Image>(open_context_layout(place, platform, session_.store()));
  } catch (Error& error) {
    throw error.note(cat("in --build-context ", name, "=", place));
  }
}

std::vector<std::string> StoreImages::names() const {
  std::vector<std::string> names;
  for (const auto& image : session_.store().images().list())
    for (const auto& name : image.names) names.push_back(oci::familiar_name(name));
  return names;
}

std::shared_ptr<const oci::Image> PulledImages::pull(const oci::Reference& name,
                                                     const oci::Platform& platform) {
  TransferProgress progress(make_progress(progress_, Reasons::first), Direction::pull);
  const auto pulled =
      registry::pull(access_.registries(), session_.store(), name, platform, progress, stop_);
  return std::make_shared<oci::Image>(pulled.image);
}

std::shared_ptr<const oci::Image> PulledImages::find_promised(const oci::Reference& name,
                                                              const oci::Platform& platform) {
  if (imports_ == nullptr) return nullptr;
  Unshown unshown;
  auto image = std::make_shared<oci::Image>(
      registry::look_up(access_.registries(), session_.store(), name, platform, unshown, stop_));
  const auto bring = [this_access = &access_, &store = session_.store(), name, platform,
                      stop = stop_] {
    Unshown nothing;
    registry::pull(this_access->registries(), store, name, platform, nothing, stop);
  };
  return imports_->promise_base(*image, name, bring) ? image : nullptr;
}

std::shared_ptr<const oci::Image> PulledImages::find(const std::string& name,
                                                     const oci::Platform& platform) {
  std::shared_ptr<const oci::Image> here;
  if (!request_.pull) here = StoreImages::find(name, platform);
  if (here && oci::serves(here->config.platform, platform)) return here;
  try {
    const oci::Reference wanted = oci::parse_reference(name);
    if (auto promised = find_promised(wanted, platform)) return promised;
    return pull(wanted, platform);
  } catch (const Error& error) {
    const bool tells_nothing =
        error.kind() == ErrorKind::denied || error.kind() == ErrorKind::unreachable;
    if (!here || !tells_nothing) throw;
    return here;  // for another platform, which the planner judges
  }
}

}  // namespace strata::cli
