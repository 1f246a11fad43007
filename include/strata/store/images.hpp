#pragma once
/// Images by name: index.json of the layout. An image that is listed there is complete: its
/// manifest, config and layers were stored before. Names are kept in the annotation
/// org.opencontainers.image.ref.name in their familiar form ("app:latest"), which skopeo and umoci
/// take as `oci:DIR:NAME`; the full form goes into io.containerd.image.name.

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "strata/base/root.hpp"
#include "strata/oci/image.hpp"
#include "strata/oci/reference.hpp"
#include "strata/store/blobs.hpp"

namespace strata::store {

/// An image and the names it has; no name at all makes it a dangling one.
struct NamedImage {
  oci::Image image;
  std::vector<oci::Reference> names;
};

/// What a removal did, in Docker's words.
struct Removal {
  std::vector<std::string> untagged;
  std::vector<Digest> deleted;  ///< image ids that are no longer listed
};

/// Thread-safe; changes of index.json are made under a lock between processes and replace the file
/// in one step.
class Images {
 public:
  Images(const Root& store, const Blobs& blobs, Lease& lease);

  /// By name, by id or manifest digest ("sha256:…"), or by the first hex digits (two at least) of
  /// either. Nothing if there is none; Error usage if the digits fit several images.
  std::optional<NamedImage> find(std::string_view name_or_id) const;
  /// As find; Error not_found with the nearest names.
  NamedImage at(std::string_view name_or_id) const;
  /// Of an image for several platforms, the one for `platform` (Error not_found if it has none).
  /// Any other image is returned whatever it is for.
  std::optional<oci::Image> find_reference(const oci::Reference& name,
                                           const oci::Platform& platform) const;
  /// What the name or id leads to, if it is an image for several platforms and all of it is here.
  std::optional<oci::ImageIndex> find_index(std::string_view name_or_id) const;
  /// What the name or id leads to, as it was stored: a manifest or an index.
  std::string document(std::string_view name_or_id) const;

  /// Every image once, newest first.
  std::vector<NamedImage> list() const;
  /// The manifests that index.json lists: what a collection starts from.
  std::vector<oci::Descriptor> roots() const;

  /// Stores the documents and lists the image under `names`, taking those names from whatever had
  /// them; the layers' blobs must be there already. Returns names that were taken from another
  /// image. A name with a digest must have the manifest's, or that of `index`, a multi-platform
  /// index of which the caller has checked that it lists the image (Error corrupt).
  std::vector<oci::Reference> put(const oci::Image& image, const std::vector<oci::Reference>& names,
                                  const std::optional<Digest>& index = std::nullopt) const;

  /// As `put`, for an image for several platforms.
  std::vector<oci::Reference> put(const oci::ImageIndex& index,
                                  const std::vector<oci::Reference>& names) const;

  /// Gives what has a name another one: an image for several platforms stays one.
  void tag(std::string_view name_or_id, const oci::Reference& name) const;

  /// Removes a name, or with an id all of an image. An image that loses its last name is no longer
  /// listed. An id whose image has several names needs `force` (Error usage says so). Blobs stay
  /// until a collection.
  enum class Force { no, yes };
  Removal remove(std::string_view name_or_id, Force force) const;

  /// Takes images without a name off the list, but for those whose manifest `keep` says yes to, and
  /// returns their manifests.
  std::vector<Digest> remove_dangling(const std::function<bool(const Digest&)>& keep) const;

 private:
  /// `platform` chooses in an index; without one, the host's is taken if there is one.
  oci::Image load(const oci::Descriptor& entry,
                  const std::optional<oci::Platform>& platform = std::nullopt) const;
  oci::Descriptor choose(const oci::Index& index, const std::optional<oci::Platform>& platform,
                         std::string_view what) const;
  std::optional<oci::Descriptor> find_entry(const oci::Reference& name) const;
  oci::Descriptor entry_of(std::string_view name_or_id) const;
  /// Holds an image's layers and checks that they are here, then stores its documents.
  void put_documents(const oci::Image& image) const;
  std::vector<oci::Reference> list_under(const oci::Descriptor& document,
                                         const std::vector<oci::Reference>& names) const;
  std::vector<NamedImage> load_all() const;
  std::optional<NamedImage> find_named(const oci::Reference& name) const;
  /// True if the index says already what `put` would make it say.
  bool is_listed_so(const Digest& manifest, const std::vector<oci::Reference>& names) const;
  /// The entries of the index, by digest, that lead to the image.
  std::set<Digest> entries_of(const oci::Index& index, const oci::Image& image) const;

  const Root& store_;
  const Blobs& blobs_;
  Lease& lease_;
};

}  // namespace strata::store
