#pragma once
/// --cache-from and --cache-to of one build.

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "registry_access.hpp"
#include "session.hpp"
#include "strata/build/builder.hpp"
#include "strata/remotecache/exports.hpp"
#include "strata/remotecache/imports.hpp"
#include "strata/remotecache/spec.hpp"

namespace strata::cli {

void add_shared_cache_options(Syntax& syntax);

struct SharedCacheRequest {
  std::vector<remotecache::PlaceSpec> from;
  std::vector<remotecache::ExportSpec> to;
};
SharedCacheRequest read_shared_cache_request(const Arguments& arguments);

/// Borrows all it is given. Trouble with places is told, never thrown.
class SharedCache {
 public:
  SharedCache(const SharedCacheRequest& request, const std::vector<oci::Platform>& platforms,
              RegistryAccess& access, Session& session, remotecache::Tell tell,
              std::stop_token stop);

  /// Null if there is nobody to ask.
  remotecache::Imports* imports() const { return imports_.get(); }
  /// Nobody is asked any more, and what was promised is forgotten.
  void give_up(const Error& why);

  /// The image with what --cache-to type=inline adds to it.
  oci::Image finish(const build::Built& built) const;
  /// Keeps here what was found elsewhere and has come, for builds that ask nobody.
  void keep(const std::vector<build::Built>& built) const;
  /// Sends what --cache-to says.
  void send(const std::vector<build::Built>& built) const;

 private:
  struct Target {
    remotecache::ExportSpec spec;
    std::shared_ptr<remotecache::Depot> depot;
  };

  /// A place is one depot, whether it is asked, written to, or both.
  std::shared_ptr<remotecache::Depot> open(const remotecache::PlaceSpec& place);
  void send_to(const Target& target, const std::vector<build::Built>& built) const;

  RegistryAccess& access_;
  Session& session_;
  remotecache::Tell tell_;
  std::stop_token stop_;
  std::map<std::string, std::shared_ptr<remotecache::Depot>> depots_;
  std::unique_ptr<remotecache::Imports> imports_;
  std::vector<Target> targets_;
  bool is_inlined_ = false;
};

}  // namespace strata::cli
