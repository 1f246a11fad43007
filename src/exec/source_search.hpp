#pragma once
/// The steps of finding sources that both ways of copying, with parents and without, are made of.

#include <string>
#include <string_view>
#include <vector>

#include "sources.hpp"

namespace strata::exec {

/// A place that a source's components have led to so far.
struct Reached {
  std::string path = {};   ///< without links
  std::string name = {};   ///< the last component, before links were followed
  std::string entry = {};  ///< as `path`, but with that last component
};

/// True if some character matches more than itself; an escaped one does not.
bool has_live_wildcard(std::string_view text);

/// Everything the source leads to; paths that do not exist are among it for plain components.
/// Throws Error dockerfile for a malformed pattern.
std::vector<Reached> reach(const RootfsView& view, const std::string& source);

/// What is at the place; nothing if nothing is.
std::optional<CopySource> find_source(const RootfsView& view, const Reached& place);

/// Throws Error not_found for a source of which nothing is there, with the reason or a guess.
[[noreturn]] void fail_missing(const std::string& source, const FileOrigin& origin,
                               std::string_view where);

/// The sources that one argument of COPY --parents gives (parent_sources.cpp).
std::vector<CopySource> find_with_parents(const std::string& source, const FileOrigin& origin,
                                          std::string_view where);

}  // namespace strata::exec
