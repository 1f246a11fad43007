#pragma once
/// Where FROM and --from find images: in the store, and if need be in registries.

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "build_request.hpp"
#include "registry_access.hpp"
#include "session.hpp"
#include "strata/plan/make_plan.hpp"
#include "strata/remotecache/imports.hpp"

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
  /// `progress` is how pulls are shown, as for make_progress. With `imports`, which may be null, an
  /// image whose files a shared cache knows is only promised to the store. Borrows all.
  PulledImages(Session& session, const PlanRequest& request, RegistryAccess& access,
               std::string progress, std::stop_token stop, remotecache::Imports* imports = nullptr)
      : StoreImages(session, request),
        access_(access),
        progress_(std::move(progress)),
        stop_(std::move(stop)),
        imports_(imports) {}
  std::shared_ptr<const oci::Image> find(const std::string& name,
                                         const oci::Platform& platform) override;

 private:
  std::shared_ptr<const oci::Image> pull(const oci::Reference& name, const oci::Platform& platform);
  /// Null if the image has to be pulled.
  std::shared_ptr<const oci::Image> find_promised(const oci::Reference& name,
                                                  const oci::Platform& platform);

  RegistryAccess& access_;
  std::string progress_;
  std::stop_token stop_;
  remotecache::Imports* imports_;
};

}  // namespace strata::cli
