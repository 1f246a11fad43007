#pragma once
/// Writes finished images where an OutputSpec says.

#include <span>

#include "strata/output/spec.hpp"
#include "strata/store/images.hpp"
#include "strata/store/store.hpp"

namespace strata::output {

/// Files appear under their name whole or not at all; standard output is written as it comes (Error
/// usage if it is a terminal). type=tar and type=local take exactly one image. Names in the spec
/// replace those of the (then only) image. Every blob is checked against its digest on the way
/// (Error corrupt). type=registry is none of its business (Error usage).
void write_output(store::Store& store, std::span<const store::NamedImage> images,
                  const OutputSpec& spec);

/// An image for several platforms: type=oci keeps it one, type=local makes a directory for each
/// ("linux_arm64"); the other types are Error usage.
void write_output(store::Store& store, const oci::ImageIndex& index,
                  const std::vector<oci::Reference>& names, const OutputSpec& spec);

}  // namespace strata::output
