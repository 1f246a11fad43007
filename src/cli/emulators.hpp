#pragma once
/// Programs of other platforms that the kernel starts through an emulator (binfmt_misc).

#include <string>
#include <vector>

#include "strata/oci/platform.hpp"

namespace strata::cli {

/// The platforms that `folder`, a mounted binfmt_misc, has an enabled emulator for. Only one that
/// is kept open by the kernel (flag F) counts: any other would have to be in the image. Empty if
/// there is no such folder.
std::vector<oci::Platform> emulated_platforms(
    const std::string& folder = "/proc/sys/fs/binfmt_misc");

}  // namespace strata::cli
