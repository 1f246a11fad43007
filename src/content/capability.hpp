#pragma once
/// File capabilities as layers hold them.

#include <string>

namespace strata {

/// The value of security.capability without the user namespace it was made in: a revision 3 value
/// (struct vfs_ns_cap_data with a rootid) becomes the revision 2 value with the same sets, because
/// a layer is for every namespace. Other values stay.
std::string capability_v2(std::string value);

}  // namespace strata
