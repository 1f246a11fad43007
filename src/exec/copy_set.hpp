#pragma once
/// What COPY and ADD write, found out without writing it: the sources laid out at the destination
/// over what the parent shows there, dressed with owner and mode (reference dockerfile.md §1.6).

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "placement.hpp"
#include "sources.hpp"
#include "strata/base/mode_change.hpp"
#include "strata/plan/step.hpp"

namespace strata::exec {

/// How files look after they have been copied.
struct CopyLook {
  std::optional<Owner> owner;      ///< --chown
  std::optional<ModeChange> mode;  ///< --chmod
  /// Files of a build context belong to root; those of stages, images and archives keep their ids.
  bool from_context = false;
  /// Nothing is newer than this (seconds since 1970).
  std::optional<std::int64_t> newest;
};

/// The tree of a source that ADD has to unpack, borrowed; null for a source that is copied as it
/// is.
using FindArchive = std::function<FileOrigin*(const CopySource&)>;

/// The entries that the step writes, each regular file with its content digest and the place its
/// bytes come from. Directories that have to be made for the destination have the time of the
/// newest file copied (with an epoch: that), so that equal sources give equal bytes.
/// `origin` may be null if there are no sources, `find_archive` empty. What the result points to
/// (copy, origin, archives) must outlive it.
EntrySet copy_set(const plan::CopyFiles& copy, std::span<const CopySource> sources,
                  FileOrigin* origin, const RootfsView& parent, const CopyLook& look,
                  const FindArchive& find_archive);

}  // namespace strata::exec
