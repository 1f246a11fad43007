#pragma once
/// What --build-context makes of a name: something else than the Dockerfile's own stages and the
/// images of the store (reference dockerfile.md §1.4).

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "strata/oci/platform.hpp"

namespace strata::plan {

/// An image; ImageSource::context_image gives it.
struct ContextImage {};
/// Files, which COPY --from takes as plan::FromContext of this name.
struct ContextFiles {};
/// Another name of a stage.
struct ContextStage {
  std::string stage;
};
using NamedContext = std::variant<ContextImage, ContextFiles, ContextStage>;

/// Names are written as images are and meet under one form: "docker.io/library/app:latest" and
/// "app" are one name, and "app::linux/arm64" is what `app` means for that platform alone.
class NamedContexts {
 public:
  /// Throws Error usage for what can be no name. Of two contexts of one name the last one counts.
  /// Returns the name's one form, under which it is looked up and opened.
  std::string add(std::string_view name, NamedContext context);

  /// A context and the form of its name.
  using Found = const std::pair<const std::string, NamedContext>*;
  /// What is said for the platform, else for all; null if neither.
  Found find(std::string_view name, const oci::Platform& platform) const;

  const std::map<std::string, NamedContext>& all() const { return contexts_; }

 private:
  std::map<std::string, NamedContext> contexts_;
};

}  // namespace strata::plan
