// COPY --parents. What stands before the first "/./" is found like any other source and its
// directories do not come along; what stands behind it is a pattern in the grammar of ignore files,
// `**` included. Its leading components without a wildcard lead straight to the directory below
// which it is matched; links among them are followed, and become directories at the destination. A
// link that is what the pattern means stays a link.
#include "source_search.hpp"
#include "strata/base/path.hpp"
#include "strata/base/pattern.hpp"

namespace strata::exec {

namespace {

struct PivotedSource {
  std::string base;     ///< as written; empty for the origin's root
  std::string pattern;  ///< cleaned
};

PivotedSource split_at_pivot(const std::string& source) {
  constexpr std::string_view pivot = "/./";
  const std::size_t at = source.find(pivot);
  if (at == std::string::npos) return {{}, root_path(source)};
  return {source.substr(0, at), root_path(source.substr(at + pivot.size()))};
}

std::optional<RootfsView::Found> find_directory(const RootfsView& view, const std::string& path) {
  const auto found = view.find(path);
  return found && found->entry->is_directory() ? found : std::nullopt;
}

/// Goes on by one component, following links.
void enter(CopySource& place, const RootfsView& view, std::string_view name) {
  place.path = view.resolve(join_path(place.path, name), RootfsView::LastComponent::follow);
  place.under = join_path(place.under, name);
  place.parents.push_back(find_directory(view, place.path));
}

/// The file or directory called `name` in `place`, which may be a link; nothing if it is not there.
std::optional<CopySource> take_member(CopySource place, const RootfsView& view,
                                      std::string_view name) {
  if (!view.is_directory(place.path)) return std::nullopt;
  place.name = name;
  place.path = join_path(place.path, name);
  place.found = view.find(place.path);
  place.is_directory = view.is_directory(place.path);
  if (!place.found && !place.is_directory) return std::nullopt;
  if (place.is_directory) {
    place.under = join_path(place.under, name);
    place.parents.push_back(place.found);
  }
  return place;
}

/// What the pattern means below one base; nothing if it has no wildcard and means nothing.
std::optional<CopySource> find_below(const RootfsView& view, const Reached& base,
                                     const std::string& pattern) {
  CopySource place;
  place.path = base.path;
  place.found = view.find(base.path);
  place.is_directory = true;
  if (pattern.empty()) return place;
  const auto components = path_components(pattern);
  for (std::size_t i = 0; i < components.size(); ++i) {
    if (has_wildcard(components[i])) {
      place.only.emplace(std::vector{pattern});
      return place;
    }
    if (i + 1 == components.size()) return take_member(std::move(place), view, components[i]);
    enter(place, view, components[i]);
  }
  return place;
}

}  // namespace

std::vector<CopySource> find_with_parents(const std::string& source, const FileOrigin& origin,
                                          std::string_view where) {
  const RootfsView& view = origin.view();
  const PivotedSource pivoted = split_at_pivot(source);
  const bool base_must_exist = !has_live_wildcard(pivoted.base);
  const bool must_exist = base_must_exist && !has_live_wildcard(pivoted.pattern);
  std::vector<CopySource> sources;
  for (const Reached& base : reach(view, pivoted.base)) {
    if (!view.is_directory(base.path)) {
      if (base_must_exist) fail_missing(pivoted.base, origin, where);
      continue;
    }
    if (auto found = find_below(view, base, pivoted.pattern))
      sources.push_back(std::move(*found));
    else if (must_exist)
      fail_missing(source, origin, where);
  }
  return sources;
}

}  // namespace strata::exec
