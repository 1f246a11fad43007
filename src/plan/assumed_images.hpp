#pragma once
/// Base images for questions that can be answered without them.

#include "strata/plan/make_plan.hpp"

namespace strata::plan {

/// Finds every image: one that is not there is stood in for by an empty one for the platform asked
/// for, whose environment has nothing but a PATH. Borrows the images that are.
class AssumedImages : public ImageSource {
 public:
  explicit AssumedImages(ImageSource& images) : images_(images) {}
  std::shared_ptr<const oci::Image> find(const std::string& name,
                                         const oci::Platform& platform) override;
  std::shared_ptr<const oci::Image> context_image(const std::string& name,
                                                  const oci::Platform& platform) override;
  std::vector<std::string> names() const override { return images_.names(); }

 private:
  ImageSource& images_;
};

}  // namespace strata::plan
