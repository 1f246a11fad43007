#pragma once
/// For plans whose bases are all scratch.

#include <memory>
#include <string>
#include <vector>

#include "strata/plan/make_plan.hpp"

namespace strata::test {

class NoImages : public plan::ImageSource {
 public:
  std::shared_ptr<const oci::Image> find(const std::string&, const oci::Platform&) override {
    return nullptr;
  }
  std::shared_ptr<const oci::Image> context_image(const std::string&,
                                                  const oci::Platform&) override {
    return nullptr;
  }
  std::vector<std::string> names() const override { return {}; }
};

}  // namespace strata::test
