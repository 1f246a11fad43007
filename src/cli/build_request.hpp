#pragma once
/// What the words of `strata build` ask for.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "named_contexts.hpp"
#include "registry_access.hpp"
#include "shared_cache.hpp"
#include "strata/exec/operation.hpp"
#include "strata/oci/reference.hpp"
#include "strata/output/spec.hpp"
#include "strata/plan/make_plan.hpp"
#include "strata/remote/credentials.hpp"

namespace strata::cli {

/// The options of `build` that decide the plan; `plan` takes them too.
void add_plan_options(Syntax& syntax);

struct PlanRequest {
  std::string context;                   ///< a directory, an archive, a URL, or "-"
  std::string dockerfile;                ///< -f: a path, "-", or empty for the context's own
  plan::Options plan;                    ///< for the first platform
  std::vector<oci::Platform> platforms;  ///< --platform; at least one, each once
  ContextPlaces contexts;                ///< --build-context
  remote::Secrets secrets;               ///< --secret, of which some are for the hosts of URLs
  std::shared_ptr<exec::Agent> agent;    ///< --ssh default, for repositories too; null for none
  bool pull = false;                     ///< base images are asked for anew
  RegistryRequest registry;
};
PlanRequest read_plan_request(const Arguments& arguments);

struct BuildRequest {
  PlanRequest plan;
  std::vector<oci::Reference> names;
  std::vector<output::OutputSpec> outputs;
  std::string progress;
  bool explain = false;
  bool check = false;  ///< only look at the Dockerfile
  bool check_as_json = false;
  bool hints = false;
  unsigned jobs = 4;
  std::string id_file;
  std::string metadata_file;
  std::vector<std::pair<std::string, std::string>> extra_hosts;
  exec::Offers offers;
  exec::Limits limits;
  SharedCacheRequest shared_cache;
  bool timings = false;
  std::string trace_file;  ///< --trace; empty for none

  bool notes_spans() const { return timings || !trace_file.empty(); }
};
BuildRequest read_build_request(const Arguments& arguments);

}  // namespace strata::cli
