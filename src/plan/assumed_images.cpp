#include "plan/assumed_images.hpp"

#include "plan/default_path.hpp"
#include "strata/base/text.hpp"

namespace strata::plan {

namespace {

std::shared_ptr<const oci::Image> or_assumed(std::shared_ptr<const oci::Image> image,
                                             const oci::Platform& platform) {
  if (image != nullptr) return image;
  oci::ImageConfig config;
  config.platform = platform;
  config.run.env = {cat("PATH=", default_path)};
  return std::make_shared<const oci::Image>(oci::make_image(config, {}));
}

}  // namespace

std::shared_ptr<const oci::Image> AssumedImages::find(const std::string& name,
                                                      const oci::Platform& platform) {
  return or_assumed(images_.find(name, platform), platform);
}

std::shared_ptr<const oci::Image> AssumedImages::context_image(const std::string& name,
                                                               const oci::Platform& platform) {
  return or_assumed(images_.context_image(name, platform), platform);
}

}  // namespace strata::plan
