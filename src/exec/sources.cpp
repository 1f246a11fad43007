#include "sources.hpp"

#include "strata/base/error.hpp"
#include "strata/base/path.hpp"
#include "strata/base/pattern.hpp"
#include "strata/base/text.hpp"

namespace strata::exec {

namespace {

/// A place that a source's components have led to so far.
struct Reached {
  std::string path;  ///< without links
  std::string name;  ///< the last component, before links were followed
};

/// True if some character matches more than itself; an escaped one does not.
bool has_live_wildcard(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '*' || text[i] == '?' || text[i] == '[')
      return true;
  }
  return false;
}

Reached descend(const RootfsView& view, const Reached& from, std::string_view name) {
  return {view.resolve(join_path(from.path, name), RootfsView::LastComponent::follow),
          std::string(name)};
}

void match_children(const RootfsView& view, const Reached& directory, std::string_view pattern,
                    std::vector<Reached>& matches) {
  if (!view.is_directory(directory.path)) return;
  for (const std::string& name : view.children(directory.path))
    if (match_pattern(pattern, name)) matches.push_back(descend(view, directory, name));
}

/// Everything the source leads to; paths that do not exist are among it for plain components.
std::vector<Reached> reach(const RootfsView& view, const std::string& source) {
  const std::string path = root_path(source);
  std::vector<Reached> reached{{}};
  for (const std::string_view component : path_components(path)) {
    std::vector<Reached> next;
    for (const Reached& place : reached) {
      if (has_wildcard(component))
        match_children(view, place, component, next);
      else
        next.push_back(descend(view, place, component));
    }
    reached = std::move(next);
  }
  return reached;
}

std::optional<CopySource> find_source(const RootfsView& view, Reached place) {
  CopySource source{std::move(place.name), std::move(place.path), false, std::nullopt};
  source.found = view.find(source.path);
  source.is_directory = view.is_directory(source.path);
  if (!source.found && !source.is_directory) return std::nullopt;
  return source;
}

/// The nearest directory above that exists says what was probably meant.
std::optional<std::string> guess_meant(const RootfsView& view, std::string_view path) {
  const std::string directory = view.resolve(parent_path(path), RootfsView::LastComponent::follow);
  if (!view.is_directory(directory)) return std::nullopt;
  const auto name = nearest_word(base_name(path), view.children(directory));
  if (!name) return std::nullopt;
  return join_path(parent_path(path), *name);
}

[[noreturn]] void fail_missing(const std::string& source, const FileOrigin& origin,
                               std::string_view where) {
  const std::string path = root_path(source);
  Error error(ErrorKind::not_found, cat(quoted(source), " is not in ", where));
  const std::string target = origin.view().resolve(path, RootfsView::LastComponent::follow);
  if (target != path) error.note(cat("it leads to ", quoted(target), ", which does not exist"));
  std::string reason = origin.why_absent(path);
  if (reason.empty()) reason = origin.why_absent(target);
  if (!reason.empty())
    error.note(reason);
  else if (const auto meant = guess_meant(origin.view(), path))
    error.note(cat("did you mean ", quoted(*meant), "?"));
  throw error;
}

}  // namespace

std::vector<CopySource> find_sources(const std::vector<std::string>& sources,
                                     const FileOrigin& origin, std::string_view where) {
  std::vector<CopySource> all;
  for (const std::string& source : sources) {
    const bool is_pattern_live = has_live_wildcard(source);
    if (is_pattern_live && !is_pattern(source))
      fail(ErrorKind::dockerfile, "the pattern ", quoted(source),
           " cannot be read: a bracket is not closed or empty; write \\[ for the character itself");
    const std::size_t before = all.size();
    for (Reached& place : reach(origin.view(), source))
      if (auto found = find_source(origin.view(), std::move(place)))
        all.push_back(std::move(*found));
    if (all.size() == before && !is_pattern_live) fail_missing(source, origin, where);
  }
  return all;
}

}  // namespace strata::exec
