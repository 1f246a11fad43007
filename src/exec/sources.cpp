#include "sources.hpp"

#include <algorithm>

#include "source_search.hpp"
#include "strata/base/error.hpp"
#include "strata/base/path.hpp"
#include "strata/base/pattern.hpp"
#include "strata/base/text.hpp"
#include "strata/base/url.hpp"
#include "strata/exec/check_sources.hpp"

namespace strata::exec {

namespace {

struct DescribeOrigin {
  std::string operator()(const plan::FromContext& context) const {
    return context.name.empty() ? "the build context"
                                : cat("the build context ", quoted(context.name));
  }
  std::string operator()(const plan::FromStage& stage) const { return cat("stage ", stage.stage); }
  std::string operator()(const plan::FromImage& image) const {
    return cat("the image ", quoted(image.name));
  }
  std::string operator()(const plan::FromUrl& file) const { return mask_credentials(file.url); }
  std::string operator()(const plan::FromGit& from) const { return to_string(from.repository); }
};

Reached descend(const RootfsView& view, const Reached& from, std::string_view name) {
  std::string entry = join_path(from.path, name);
  std::string path = view.resolve(entry, RootfsView::LastComponent::follow);
  return {std::move(path), std::string(name), std::move(entry)};
}

void match_children(const RootfsView& view, const Reached& directory, std::string_view pattern,
                    std::vector<Reached>& matches) {
  if (!view.is_directory(directory.path)) return;
  for (const std::string& name : view.children(directory.path))
    if (match_pattern(pattern, name)) matches.push_back(descend(view, directory, name));
}

/// The only file or directory of that name, wherever it is.
std::optional<std::string> find_elsewhere(const RootfsView& view, std::string_view name) {
  std::vector<std::string> paths;
  view.walk("", [&](const RootfsView::Found& found) {
    if (base_name(found.entry->path) == name) paths.push_back(found.entry->path);
  });
  return paths.size() == 1 ? std::optional(paths.front()) : std::nullopt;
}

/// What was probably meant: a like name in the same directory, else the same name in another.
std::optional<std::string> guess_meant(const RootfsView& view, std::string_view path) {
  const std::string directory = view.resolve(parent_path(path), RootfsView::LastComponent::follow);
  if (view.is_directory(directory)) {
    const auto name = nearest_word(base_name(path), view.children(directory));
    if (name) return join_path(parent_path(path), *name);
  }
  return find_elsewhere(view, base_name(path));
}

/// What has to be there: all of a plain source, of others the components before the first wildcard.
std::string required_part(const std::string& source) {
  const std::string path = root_path(source);
  std::string part;
  for (const std::string_view component : path_components(path)) {
    if (has_live_wildcard(component)) break;
    part = join_path(part, component);
  }
  return part;
}

std::vector<CopySource> find_plain(const std::string& source, const FileOrigin& origin,
                                   std::string_view where) {
  const RootfsView& view = origin.view();
  std::vector<CopySource> sources;
  for (Reached& place : reach(view, source)) {
    if (auto found = find_source(view, place))
      sources.push_back(std::move(*found));
    else if (view.find(place.entry))
      fail_missing(place.entry, origin, where);  // a link that leads nowhere
  }
  if (!sources.empty()) return sources;
  if (!has_live_wildcard(source)) fail_missing(source, origin, where);
  const std::string required = required_part(source);
  const bool is_there = std::ranges::any_of(
      reach(view, required), [&](const Reached& place) { return view.exists(place.path); });
  if (!is_there) fail_missing(required, origin, where);
  return sources;
}

std::vector<CopySource> find_matches(const plan::CopyFiles& copy, const std::string& source,
                                     const FileOrigin& origin) {
  const auto find = copy.keep_parents ? find_with_parents : find_plain;
  return find(source, origin, std::visit(DescribeOrigin{}, copy.origin));
}

}  // namespace

bool has_live_wildcard(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '*' || text[i] == '?' || text[i] == '[')
      return true;
  }
  return false;
}

std::vector<Reached> reach(const RootfsView& view, const std::string& source) {
  if (has_live_wildcard(source) && !is_pattern(source))
    fail(ErrorKind::dockerfile, "the pattern ", quoted(source),
         " cannot be read: a bracket is not closed or empty; write \\[ for the character itself");
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

std::optional<CopySource> find_source(const RootfsView& view, const Reached& place) {
  CopySource source{place.name, place.path, false, std::nullopt};
  source.found = view.find(source.path);
  source.is_directory = view.is_directory(source.path);
  if (!source.found && !source.is_directory) return std::nullopt;
  return source;
}

void fail_missing(const std::string& source, const FileOrigin& origin, std::string_view where) {
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

std::string describe_origin(const plan::Origin& origin) {
  return std::visit(DescribeOrigin{}, origin);
}

CopySource find_plain_source(const std::string& path, const FileOrigin& origin,
                             std::string_view where) {
  auto source = find_source(origin.view(), descend(origin.view(), {}, root_path(path)));
  if (!source) fail_missing(path, origin, where);
  return std::move(*source);
}

std::vector<CopySource> find_sources(const plan::CopyFiles& copy, std::size_t index,
                                     const FileOrigin& origin) {
  std::vector<CopySource> found = find_matches(copy, copy.sources.at(index), origin);
  const context::PathPatterns excluded(copy.exclude);
  std::erase_if(found, [&](const CopySource& source) {
    return !copy.keep_parents && !source.is_directory && excluded.match(source.name);
  });
  return found;
}

std::vector<CopySource> find_sources(const plan::CopyFiles& copy, const FileOrigin& origin) {
  std::vector<CopySource> all;
  for (std::size_t i = 0; i < copy.sources.size(); ++i) {
    if (copy.elsewhere.contains(i)) continue;
    for (CopySource& found : find_sources(copy, i, origin)) all.push_back(std::move(found));
  }
  return all;
}

std::vector<Error> check_sources(const plan::CopyFiles& copy, const FileOrigin& origin) {
  std::vector<Error> mistakes;
  for (std::size_t i = 0; i < copy.sources.size(); ++i) {
    if (copy.elsewhere.contains(i)) continue;
    try {
      find_matches(copy, copy.sources[i], origin);
    } catch (const Error& error) {
      mistakes.push_back(error);
    }
  }
  return mistakes;
}

CopySource whole_source(FileOrigin& elsewhere, const plan::Origin& origin, std::string address) {
  CopySource source;
  source.elsewhere = &elsewhere;
  source.address = std::move(address);
  if (const auto* file = std::get_if<plan::FromUrl>(&origin)) {
    source.name = file->name;
    source.path = plan::url_file;
    source.found = elsewhere.view().find(source.path);
  }
  source.is_directory = !source.found;
  return source;
}

}  // namespace strata::exec
