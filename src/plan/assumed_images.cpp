#include "plan/assumed_images.hpp"

#include "plan/default_path.hpp"
#include "strata/base/text.hpp"

namespace strata::plan {

std::shared_ptr<const oci::Image> AssumedImages::find(const std::string& name,
                                                      const oci::Platform& platform) {
  if (auto image = images_.find(name, platform)) return image;
  oci::ImageConfig config;
  config.platform = platform;
  config.run.env = {cat("PATH=", default_path)};
  return std::make_shared<const oci::Image>(oci::make_image(config, {}));
}

}  // namespace strata::plan
