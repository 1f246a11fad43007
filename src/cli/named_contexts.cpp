#include "named_contexts.hpp"

#include <algorithm>
#include <boost/filesystem/operations.hpp>

#include "context_place.hpp"
#include "strata/base/error.hpp"
#include "strata/base/text.hpp"
#include "strata/input/layout.hpp"

namespace strata::cli {

namespace {

constexpr std::string_view layout_scheme = "oci-layout://";
constexpr std::string_view image_scheme = "docker-image://";
constexpr std::string_view stage_scheme = "target:";

plan::NamedContext kind_of(const std::string& place) {
  if (place.starts_with(layout_scheme) || place.starts_with(image_scheme))
    return plan::ContextImage{};
  if (place.starts_with(stage_scheme)) return plan::ContextStage{place.substr(stage_scheme.size())};
  if (place == "-") fail(ErrorKind::usage, "standard input can be CONTEXT alone");
  if (!is_remote_place(place) && !boost::filesystem::exists(place))
    fail(ErrorKind::not_found, "there is no ", quoted(place),
         "; expected a directory, a tar archive, a URL, oci-layout://PATH, docker-image://NAME or "
         "target:STAGE");
  return plan::ContextFiles{};
}

}  // namespace

ContextPlaces read_named_contexts(const Words& words, plan::NamedContexts& contexts) {
  ContextPlaces places;
  for (const std::string& word : words) {
    const auto [name, place] = split_key_value(word);
    if (!place || place->empty())
      fail(ErrorKind::usage, "--build-context: expected NAME=PLACE, found ", quoted(word));
    try {
      places[contexts.add(name, kind_of(*place))] = *place;
    } catch (Error& error) {
      throw error.note(cat("in --build-context ", quoted(word)));
    }
  }
  return places;
}

std::optional<std::string> find_image_name(const std::string& place) {
  if (!place.starts_with(image_scheme)) return std::nullopt;
  return place.substr(image_scheme.size());
}

oci::Image open_context_layout(const std::string& place, const oci::Platform& platform,
                               store::Store& store) {
  const auto layout = input::parse_layout_reference(
      std::string_view(place).substr(std::min(layout_scheme.size(), place.size())));
  return input::open_layout(store, layout, platform);
}

}  // namespace strata::cli
