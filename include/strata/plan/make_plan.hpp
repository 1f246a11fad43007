#pragma once
/// From what a Dockerfile says to what shall be done.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "strata/dockerfile/file.hpp"
#include "strata/oci/image.hpp"
#include "strata/oci/platform.hpp"
#include "strata/plan/named_context.hpp"
#include "strata/plan/plan.hpp"

namespace strata::plan {

/// What the user lets the steps use of the machine and of his own: --secret, --ssh, --allow.
struct Grants {
  std::set<std::string> secrets;  ///< their ids
  std::set<std::string> agents;   ///< ssh agents' ids
  bool host_network = false;
  bool insecure = false;
  bool all_devices = false;
  std::set<std::string> devices;  ///< CDI names
};

/// What the user asks of the build, beyond the file.
struct Options {
  std::string target;  ///< stage name or index; empty for the last one
  std::map<std::string, std::string> build_args;
  NamedContexts contexts;                                   ///< --build-context
  std::vector<std::pair<std::string, std::string>> labels;  ///< --label, put at the end
  oci::Platform platform = oci::host_platform();
  oci::Platform build_platform = oci::host_platform();
  /// Others whose programs this machine can run; asked when a step is to run on another.
  std::function<std::vector<oci::Platform>()> emulated = [] {
    return std::vector<oci::Platform>();
  };
  RunProcess::Network network = RunProcess::Network::standard;
  bool no_cache = false;
  std::set<std::string> no_cache_stages;  ///< --no-cache-filter, lower case
  std::optional<Grants> grants;           ///< nothing: it is not checked what steps need
};

/// Finds base images.
class ImageSource {
 public:
  virtual ~ImageSource() = default;
  /// The image called `name` (expanded) for the platform; null if there is none, or Error not_found
  /// that says who was asked for it.
  virtual std::shared_ptr<const oci::Image> find(const std::string& name,
                                                 const oci::Platform& platform) = 0;
  /// The image that --build-context calls `name` (its one form in Options::contexts), likewise.
  virtual std::shared_ptr<const oci::Image> context_image(const std::string& name,
                                                          const oci::Platform& platform) = 0;
  /// Names like it, for the error message.
  virtual std::vector<std::string> names() const = 0;
};

/// Plans the stages that the target needs. Every mistake that can be known before a step runs is
/// an Error here, with the place in the file: unknown stages, flags, images, bad values, and
/// features not built yet ("not supported yet: …"). What looks like a mistake but is none goes into
/// `warnings`, if given, as sentences: a build argument that no ARG declares.
Plan make_plan(const dockerfile::File& file, const Options& options, ImageSource& images,
               std::vector<std::string>* warnings = nullptr);

}  // namespace strata::plan
