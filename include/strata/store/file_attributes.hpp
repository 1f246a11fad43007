#pragma once
/// Attributes of files that are made from a layer's entries. `name` is a single name in `parent`,
/// or
/// "." for itself; links are never followed.

#include <cstdint>
#include <string>

#include "strata/base/root.hpp"
#include "strata/content/entry.hpp"

namespace strata::store {

/// Owner, mode and extended attributes, in the order in which they do not undo each other. Only
/// root sets owners; what a file system cannot hold of user.* and system.* attributes is left out.
void set_attributes(const Root& parent, const std::string& name, const Entry& entry);
/// The same of a regular file that is open for writing, and its time.
void set_file_attributes(int fd, const Entry& entry);
void set_mode(const Root& parent, const std::string& name, std::uint32_t mode);
void set_mtime(const Root& parent, const std::string& name, std::int64_t mtime);

/// Makes overlayfs hide what the layers below have in the directory.
void mark_opaque(const Root& parent, const std::string& name);

}  // namespace strata::store
