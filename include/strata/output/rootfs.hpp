#pragma once
/// The root file system that a container of the image would see, all layers laid over each other.

#include <string>

#include "strata/base/io.hpp"
#include "strata/oci/image.hpp"
#include "strata/store/store.hpp"

namespace strata::output {

/// As a tar in tree order: hard links, extended attributes and whole-second times are kept.
void write_rootfs_tar(store::Store& store, const oci::Image& image, Sink& out);

/// Into a directory, which is made if missing; files already there stay unless they are in the way
/// (a directory in the way of a file is Error usage). Root keeps owners, devices and attributes;
/// other users get files of their own and no devices.
void write_rootfs_directory(store::Store& store, const oci::Image& image,
                            const std::string& host_path);

}  // namespace strata::output
