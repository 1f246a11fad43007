#pragma once
/// Texts that go into an image's documents. Those are JSON, and JSON is UTF-8; a Dockerfile may be
/// anything.

#include "strata/oci/image_config.hpp"

namespace strata::plan {

/// All texts of a config with U+FFFD for every byte that is not UTF-8, as Go prints JSON.
void make_valid_utf8(oci::RunConfig& config);
/// The same of all but its environment and labels, of which there may be thousands.
void make_rest_valid_utf8(oci::RunConfig& config);

}  // namespace strata::plan
