#include "base_images.hpp"

#include "interrupts.hpp"
#include "progress.hpp"
#include "strata/base/error.hpp"
#include "strata/base/text.hpp"
#include "strata/registry/pull.hpp"
#include "transfer_progress.hpp"

namespace strata::cli {

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

std::shared_ptr<const oci::Image> PulledImages::pull(const std::string& name,
                                                     const oci::Platform& platform) {
  TransferProgress progress(make_progress(progress_, Reasons::first), Direction::pull);
  const Interrupts interrupts;
  const auto pulled =
      registry::pull(access_.registries(), session_.store(), oci::parse_reference(name), platform,
                     progress, interrupts.token());
  return std::make_shared<oci::Image>(pulled.image);
}

std::shared_ptr<const oci::Image> PulledImages::find(const std::string& name,
                                                     const oci::Platform& platform) {
  std::shared_ptr<const oci::Image> here;
  if (!request_.pull) here = StoreImages::find(name, platform);
  if (here && oci::serves(here->config.platform, platform)) return here;
  try {
    return pull(name, platform);
  } catch (const Error& error) {
    const bool tells_nothing =
        error.kind() == ErrorKind::denied || error.kind() == ErrorKind::unreachable;
    if (!here || !tells_nothing) throw;
    return here;  // for another platform, which the planner judges
  }
}

}  // namespace strata::cli
