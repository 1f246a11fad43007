#include "plan/plan_size.hpp"

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

namespace strata::plan {

void PlanSize::add(std::size_t bytes) {
  if (exceeded()) return;
  bytes_ += bytes;
  if (!exceeded()) return;
  fail(ErrorKind::dockerfile,
       "the plan grows too large here: what its steps say and the environments they get take "
       "more than ",
       human_size(plan_size_max), "; define fewer variables, or later");
}

std::size_t bytes_of(const std::vector<std::string>& texts) {
  std::size_t bytes = 0;
  for (const auto& text : texts) bytes += sizeof text + text.size();
  return bytes;
}

std::size_t bytes_of(const oci::RunConfig& config) {
  std::size_t bytes = sizeof config + bytes_of(config.env) + bytes_of(config.exposed_ports) +
                      bytes_of(config.volumes) + bytes_of(config.on_build) + bytes_of(config.shell);
  if (config.cmd) bytes += bytes_of(*config.cmd);
  if (config.entrypoint) bytes += bytes_of(*config.entrypoint);
  for (const auto& [name, value] : config.labels) bytes += 128 + name.size() + value.size();
  return bytes;
}

}  // namespace strata::plan
