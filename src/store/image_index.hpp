#pragma once
/// index.json of the layout: reading it, changing it as one step, and what its entries mean. An
/// image with several names has one entry for each; one without a name has one entry.

#include <functional>
#include <optional>
#include <set>

#include "strata/base/root.hpp"
#include "strata/oci/descriptor.hpp"
#include "strata/oci/reference.hpp"

namespace strata::store {

/// A store without index.json is Error corrupt.
oci::Index read_image_index(const Root& store);

/// Calls `change` with the index as it is now and writes what it made of it, durably, under the
/// lock that keeps other writers out. Nothing is written if `change` throws or changes nothing.
void change_image_index(const Root& store, const std::function<void(oci::Index&)>& change);

/// The name an entry gives its image. Entries of other tools may have one that is no reference.
std::optional<oci::Reference> name_of(const oci::Descriptor& entry);

/// An entry for an image under a name, or without one.
oci::Descriptor make_entry(const oci::Descriptor& manifest,
                           const std::optional<oci::Reference>& name);

/// Gives an image names, taking them from whatever had them, and returns those that were another
/// image's. An image that loses its last name so stays listed without one.
std::vector<oci::Reference> put_names(oci::Index& index, const oci::Descriptor& manifest,
                                      const std::vector<oci::Reference>& names);

/// Takes away the entries that `goes` says yes to.
void remove_entries(oci::Index& index, const std::function<bool(const oci::Descriptor&)>& goes);

bool lists(const oci::Index& index, const Digest& manifest);

}  // namespace strata::store
