#include "plan/utf8.hpp"

#include "strata/base/utf8.hpp"

namespace strata::plan {

namespace {

void mend(std::string& text) {
  std::string mended = valid_utf8(text);
  if (mended != text) text = std::move(mended);
}

void mend(std::vector<std::string>& texts) {
  for (auto& text : texts) mend(text);
}

void mend(std::optional<std::vector<std::string>>& texts) {
  if (texts) mend(*texts);
}

}  // namespace

void make_valid_utf8(oci::RunConfig& config) {
  make_rest_valid_utf8(config);
  mend(config.env);
  std::map<std::string, std::string> labels;
  for (const auto& [name, value] : config.labels) labels[valid_utf8(name)] = valid_utf8(value);
  config.labels = std::move(labels);
}

void make_rest_valid_utf8(oci::RunConfig& config) {
  mend(config.user);
  mend(config.entrypoint);
  mend(config.cmd);
  mend(config.volumes);
  mend(config.working_dir);
  mend(config.on_build);
  mend(config.shell);
  if (config.healthcheck) mend(config.healthcheck->test);
}

}  // namespace strata::plan
