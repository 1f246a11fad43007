#pragma once
/// What a build reads: the Dockerfile, the context with its ignore rules, base images.

#include <memory>
#include <optional>
#include <string>

#include "build_request.hpp"
#include "context_place.hpp"
#include "session.hpp"
#include "strata/plan/make_plan.hpp"

namespace strata::cli {

/// The Dockerfile of a request, found and read but not parsed.
struct DockerfileText {
  std::string name;  ///< as messages call it
  std::string text;
  /// Where it lies on the host, if it does; "<path>.dockerignore" may lie beside it.
  std::string host_path;
};

class BuildSource {
 public:
  /// Throws Error not_found that says where a Dockerfile was looked for. Borrows both.
  BuildSource(const PlanRequest& request, Session& session);

  const DockerfileText& dockerfile() const { return dockerfile_; }

  /// Tells this Dockerfile from others in the records of the cache: the absolute paths of file and
  /// context.
  std::string id() const;

  /// The main context, less what "<Dockerfile>.dockerignore", else ".dockerignore", excludes.
  std::shared_ptr<FileOrigin> open_context();

 private:
  DockerfileText read_dockerfile();

  const PlanRequest& request_;
  std::unique_ptr<ContextPlace> place_;
  DockerfileText dockerfile_;
};

/// Base images: those named by --build-context, else those of the store.
class StoreImages : public plan::ImageSource {
 public:
  StoreImages(Session& session, const PlanRequest& request)
      : session_(session), request_(request) {}
  std::shared_ptr<const oci::Image> find(const std::string& name,
                                         const oci::Platform& platform) override;
  std::vector<std::string> names() const override;

 private:
  Session& session_;
  const PlanRequest& request_;
};

}  // namespace strata::cli
