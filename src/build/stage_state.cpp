#include "stage_state.hpp"

#include "strata/plan/ingredients.hpp"

namespace strata::build {

namespace {

StageState state_of_image(const std::shared_ptr<const oci::Image>& image,
                          const store::Store& store) {
  StageState state;
  const auto layers = image->layers();
  state.rootfs = {layers, store.layers().view(layers)};
  state.history = image->config.history;
  state.said = image->id();
  state.base_image = image;
  return state;
}

// A history tells of every layer or is not there: where the base says nothing (config.md lets it),
// its layers get entries that say nothing.
std::vector<oci::HistoryEntry> history_of(const StageState& state) {
  std::vector<oci::HistoryEntry> history = state.history;
  if (state.base_image && state.base_image->config.history.empty() && !history.empty())
    history.insert(history.begin(), state.base_image->config.diff_ids.size(), {});
  return history;
}

}  // namespace

Digest StageState::digest() const {
  plan::Ingredients parts;
  const auto& chain = rootfs.chain();
  parts.add("chain", chain ? to_string(*chain) : "");
  parts.add("said", to_string(said));
  return parts.key().digest();
}

void StageState::say(std::string_view instruction) {
  plan::Ingredients parts;
  parts.add("before", to_string(said));
  parts.add("instruction", std::string(instruction));
  said = parts.key().digest();
}

StageState begin_state(const plan::Base& base, const std::vector<StageState>& earlier,
                       const store::Store& store) {
  if (const auto* image = std::get_if<plan::BaseImage>(&base))
    return state_of_image(image->image, store);
  if (const auto* stage = std::get_if<plan::BaseStage>(&base)) return earlier.at(stage->stage);
  return {};
}

oci::Image make_stage_image(const plan::Stage& stage, const StageState& state) {
  oci::ImageConfig config;
  if (state.base_image) config = state.base_image->config;
  config.author = stage.author;
  config.platform = stage.platform;
  config.run = stage.config;
  config.history = history_of(state);
  config.diff_ids.clear();
  for (const oci::Layer& layer : state.rootfs.layers()) config.diff_ids.push_back(layer.diff_id);
  if (!state.history.empty() && state.history.back().created)
    config.created = state.history.back().created;
  return oci::make_image(config, state.rootfs.layers());
}

}  // namespace strata::build
