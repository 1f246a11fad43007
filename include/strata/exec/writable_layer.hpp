#pragma once
/// The upper directory of an overlay before and after a process: made ready for it, and read for
/// what the process did.

#include <string>

#include "strata/base/root.hpp"
#include "strata/content/rootfs_view.hpp"

namespace strata::exec {

/// The root directory is in no layer, and an overlay shows the topmost one's: gives the upper
/// directory the attributes that the root has in `parent`.
void dress_root(const Root& upper, const RootfsView& parent);

/// Makes an empty upper directory ready for a process on `parent`. The working directory is made in
/// it if the parent has none, and is then part of what the process leaves, as with the OCI
/// runtimes. Error dockerfile if something else is in the way.
void prepare_upper(const Root& upper, const RootfsView& parent, const std::string& working_dir);

/// What a process left in an upper directory, as the layer that says it (a file that is what the
/// parent shows is not in it). Regular files' content is not known. Errors as upper.hpp's
/// read_upper.
Tree read_changes(const Root& upper, const RootfsView& parent);

}  // namespace strata::exec
