#pragma once
/// Records inside of the image that the steps made: type=inline. They travel in a member of the
/// image's config, so whoever has the image's name has the cache; the layers' trees do not, so a
/// step that is found this way has its layer fetched.

#include <vector>

#include "strata/cache/record.hpp"
#include "strata/oci/image.hpp"

namespace strata::remotecache {

/// The image with the records of its own layers, in place of any that its config has. Another image
/// by its digest.
oci::Image with_records(const oci::Image& image, const std::vector<cache::RecordPointer>& records);

/// Those that a config has and that can be read.
std::vector<cache::Record> inlined_records(const oci::ImageConfig& config);

}  // namespace strata::remotecache
