#include "build/stage_state.hpp"

#include <doctest/doctest.h>

#include "strata/oci/media_type.hpp"

namespace strata::build {

namespace {

oci::Layer layer_of(const std::string& text) {
  return {DiffId(Digest::of(text)),
          {std::string(oci::media_type::layer_gzip), Digest::of(text + " packed"), 1, {}, {}}};
}

oci::Image image_of(const std::vector<oci::Layer>& layers, std::vector<oci::HistoryEntry> history) {
  oci::ImageConfig config;
  for (const oci::Layer& layer : layers) config.diff_ids.push_back(layer.diff_id);
  config.history = std::move(history);
  return oci::make_image(config, layers);
}

/// The image of a stage whose steps left a layer each, one on top of a base of two layers.
oci::Image image_on(const oci::Image& base, const std::vector<std::string>& steps) {
  StageState state;
  state.base_image = std::make_shared<const oci::Image>(base);
  state.rootfs = {base.layers(), {}};
  state.history = base.config.history;
  for (const std::string& step : steps) {
    state.rootfs.add(layer_of(step), std::make_shared<const Tree>());
    state.history.push_back({{}, step, "", "", false});
  }
  return make_stage_image(plan::Stage{}, state);
}

const std::vector<oci::Layer> two_layers{layer_of("a"), layer_of("b")};

}  // namespace

TEST_CASE("an image on a base without a history can be read back") {
  const oci::Image made = image_on(image_of(two_layers, {}), {"COPY"});
  const oci::ImageConfig config = oci::parse_image_config(made.config_json, "it");
  REQUIRE(config.history.size() == 3);
  CHECK(config.history[1] == oci::HistoryEntry{});
  CHECK(config.history[2].created_by == "COPY");
}

TEST_CASE("an image that adds nothing to a base without a history has none either") {
  CHECK(image_on(image_of(two_layers, {}), {}).config.history.empty());
}

TEST_CASE("the history of a base stays as it is") {
  const std::vector<oci::HistoryEntry> told(2, oci::HistoryEntry{{}, "ADD", "", "", false});
  const oci::Image made = image_on(image_of(two_layers, told), {"COPY"});
  REQUIRE(made.config.history.size() == 3);
  CHECK(made.config.history[0].created_by == "ADD");
}

}  // namespace strata::build
