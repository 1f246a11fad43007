#pragma once
/// Where FROM and --from find images: in the store, and if need be in registries.

#include <memory>
#include <string>
#include <vector>

#include "build_request.hpp"
#include "registry_access.hpp"
#include "session.hpp"
#include "strata/plan/make_plan.hpp"

namespace strata::cli {

/// Images of the store, and those named by --build-context. Borrows both.
class StoreImages : public plan::ImageSource {
 public:
  StoreImages(Session& session, const PlanRequest& request)
      : session_(session), request_(request) {}
  std::shared_ptr<const oci::Image> find(const std::string& name,
                                         const oci::Platform& platform) override;
  std::shared_ptr<const oci::Image> context_image(const std::string& name,
                                                  const oci::Platform& platform) override;
  std::vector<std::string> names() const override;

 protected:
  Session& session_;
  const PlanRequest& request_;
};

/// As StoreImages; what the store lacks, or has for another platform, is pulled, and with --pull
/// everything. What is here for another platform is taken if no registry can be asked. An image for
/// several platforms is taken as whole: a platform that it lacks is Error not_found.
class PulledImages : public StoreImages {
 public:
  /// `progress` is how pulls are shown, as for make_progress.
  PulledImages(Session& session, const PlanRequest& request, std::string progress)
      : StoreImages(session, request), progress_(std::move(progress)), access_(request.registry) {}
  std::shared_ptr<const oci::Image> find(const std::string& name,
                                         const oci::Platform& platform) override;

 private:
  std::shared_ptr<const oci::Image> pull(const std::string& name, const oci::Platform& platform);

  std::string progress_;
  RegistryAccess access_;
};

}  // namespace strata::cli
