#include "strata/store/images.hpp"

#include <algorithm>

#include "store/image_index.hpp"
#include "strata/base/error.hpp"
#include "strata/oci/media_type.hpp"

namespace strata::store {

namespace {

constexpr std::size_t id_prefix_min = 2;

std::optional<oci::Reference> find_name(std::string_view text) {
  try {
    return oci::parse_reference(text);
  } catch (const Error&) {
    return std::nullopt;  // then it can still be the beginning of an id
  }
}

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// Whether the entry is what `name` asks for: the same name, and the same digest if it has one.
bool is_named(const oci::Descriptor& entry, const oci::Reference& name) {
  const auto own = name_of(entry);
  if (!own || own->domain != name.domain || own->path != name.path) return false;
  // What a name says of its own digest was checked when it was given.
  if (name.digest && entry.digest != *name.digest && own->digest != name.digest) return false;
  return name.tag.empty() || own->tag == name.tag;
}

std::vector<oci::Reference> names_of(const oci::Index& index, const Digest& manifest) {
  std::vector<oci::Reference> names;
  for (const oci::Descriptor& entry : index.manifests) {
    if (entry.digest != manifest) continue;
    if (auto name = name_of(entry)) names.push_back(std::move(*name));
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// The entries of an index without those that list an image once more.
std::vector<oci::Descriptor> distinct_images(const oci::Index& index) {
  std::set<Digest> seen;
  std::vector<oci::Descriptor> images;
  for (const oci::Descriptor& entry : index.manifests) {
    if (seen.insert(entry.digest).second) images.push_back(entry);
  }
  return images;
}

std::vector<Digest> layer_digests(const oci::Image& image) {
  std::vector<Digest> digests{image.descriptor.digest, image.id()};
  for (const oci::Descriptor& layer : image.manifest.layers) digests.push_back(layer.digest);
  return digests;
}

bool has_name(const std::vector<oci::Reference>& names, const oci::Reference& name) {
  return std::any_of(names.begin(), names.end(), [&](const oci::Reference& own) {
    return own.domain == name.domain && own.path == name.path &&
           (name.tag.empty() || own.tag == name.tag);
  });
}

[[noreturn]] void refuse_several_names(const NamedImage& image) {
  std::vector<std::string> names;
  for (const oci::Reference& name : image.names) names.push_back(oci::familiar_name(name));
  fail(ErrorKind::usage, "image ", image.image.id().short_hex(), " has several names (",
       join(names, ", "), "); remove them one by one, or all with force");
}

/// A name is found by the digest in it, so it may not be given to other bytes.
void check_digest(const oci::Reference& name, const Digest& manifest,
                  const std::optional<Digest>& index) {
  if (!name.digest || *name.digest == manifest || name.digest == index) return;
  fail(ErrorKind::corrupt, quoted(oci::familiar_name(name)),
       " cannot be the name of an image whose digest is ", to_string(manifest));
}

bool has_digest_prefix(const oci::Image& image, std::string_view hex) {
  return image.id().hex().starts_with(hex) || image.descriptor.digest.hex().starts_with(hex);
}

}  // namespace

Images::Images(const Root& store, const Blobs& blobs, Lease& lease)
    : store_(store), blobs_(blobs), lease_(lease) {}

/// Only some platforms of an index may be here: tools copy single ones.
oci::Descriptor Images::choose(const oci::Index& index,
                               const std::optional<oci::Platform>& platform,
                               std::string_view what) const {
  if (platform) return oci::choose_manifest(index, *platform, what);
  std::vector<oci::Descriptor> images = oci::images_of(index);
  std::erase_if(images, [&](const oci::Descriptor& image) { return !blobs_.has(image.digest); });
  const auto serves_host = [](const oci::Descriptor& image) {
    return image.platform && oci::serves(*image.platform, oci::host_platform());
  };
  const auto own = std::find_if(images.begin(), images.end(), serves_host);
  if (own != images.end()) return *own;
  if (images.empty()) fail(ErrorKind::corrupt, what, " lists no image that is here");
  return images.front();
}

oci::Image Images::load(const oci::Descriptor& entry,
                        const std::optional<oci::Platform>& platform) const {
  lease_.hold(entry.digest);
  oci::Descriptor descriptor = entry;
  std::string document = blobs_.read_document(entry.digest, oci::document_size_max);
  if (oci::media_type::is_index(entry.media_type)) {
    const std::string what = "index " + to_string(entry.digest);
    descriptor = choose(oci::parse_index(document, entry.media_type, what), platform, what);
    lease_.hold(descriptor.digest);
    document = blobs_.read_document(descriptor.digest, oci::document_size_max);
  }
  const oci::Manifest manifest = oci::parse_manifest(document, descriptor.media_type,
                                                     "manifest " + to_string(descriptor.digest));
  lease_.hold(manifest.config.digest);
  std::string config = blobs_.read_document(manifest.config.digest, oci::document_size_max);
  oci::Image image = oci::parse_image(descriptor, std::move(document), std::move(config));
  lease_.hold(layer_digests(image));
  return image;
}

std::vector<NamedImage> Images::load_all() const {
  const oci::Index index = read_image_index(store_);
  std::vector<NamedImage> images;
  for (const oci::Descriptor& entry : distinct_images(index)) {
    try {
      images.push_back({load(entry), names_of(index, entry.digest)});
    } catch (const Error&) {
      // An image that was removed and collected meanwhile is no longer listed either.
      if (lists(read_image_index(store_), entry.digest)) throw;
    }
  }
  return images;
}

std::optional<NamedImage> Images::find(std::string_view name_or_id) const {
  const auto digest = Digest::find(name_or_id);
  if (!digest) {
    if (const auto name = find_name(name_or_id)) {
      if (auto image = find_named(*name)) return image;
    }
    if (name_or_id.size() < id_prefix_min || !is_hex(name_or_id)) return std::nullopt;
  }
  std::vector<NamedImage> fitting = load_all();
  std::erase_if(fitting, [&](const NamedImage& candidate) {
    const oci::Image& image = candidate.image;
    if (digest) return image.id() != *digest && image.descriptor.digest != *digest;
    return !has_digest_prefix(image, name_or_id);
  });
  if (fitting.empty()) return std::nullopt;
  // One config in two manifests is one image to people; more is a prefix that is too short.
  const bool is_one = std::all_of(fitting.begin(), fitting.end(), [&](const NamedImage& candidate) {
    return candidate.image.id() == fitting.front().image.id();
  });
  if (!is_one) {
    fail(ErrorKind::usage, quoted(name_or_id), " fits ", fitting.size(),
         " images; give more digits of the id");
  }
  return std::move(fitting.front());
}

std::optional<oci::Descriptor> Images::find_entry(const oci::Reference& name) const {
  const oci::Index index = read_image_index(store_);
  for (const oci::Descriptor& entry : index.manifests) {
    if (is_named(entry, name)) return entry;
  }
  return std::nullopt;
}

std::optional<NamedImage> Images::find_named(const oci::Reference& name) const {
  const auto entry = find_entry(name);
  if (!entry) return std::nullopt;
  return NamedImage{load(*entry), names_of(read_image_index(store_), entry->digest)};
}

NamedImage Images::at(std::string_view name_or_id) const {
  if (auto image = find(name_or_id)) return std::move(*image);
  std::vector<std::string> names;
  for (const oci::Descriptor& entry : roots()) {
    if (const auto name = name_of(entry)) names.push_back(oci::familiar_name(*name));
  }
  const auto near = nearest_word(name_or_id, names);
  fail(ErrorKind::not_found, "there is no image ", quoted(name_or_id),
       near ? cat("; did you mean ", quoted(*near), "?") : "");
}

std::optional<oci::Image> Images::find_reference(const oci::Reference& name,
                                                 const oci::Platform& platform) const {
  const auto entry = find_entry(name);
  if (!entry) return std::nullopt;
  return load(*entry, platform);
}

std::optional<oci::ImageIndex> Images::find_index(std::string_view name_or_id) const {
  const oci::Descriptor entry = entry_of(name_or_id);
  if (!oci::media_type::is_index(entry.media_type)) return std::nullopt;
  lease_.hold(entry.digest);
  oci::ImageIndex whole{entry, blobs_.read_document(entry.digest, oci::document_size_max), {}};
  const oci::Index index =
      oci::parse_index(whole.json, entry.media_type, "index " + to_string(entry.digest));
  for (const oci::Descriptor& child : index.manifests) {
    if (!blobs_.has(child.digest) || !oci::media_type::is_manifest(child.media_type)) {
      return std::nullopt;
    }
    whole.images.push_back(load(child));
  }
  return whole;
}

oci::Descriptor Images::entry_of(std::string_view name_or_id) const {
  if (const auto name = Digest::find(name_or_id) ? std::nullopt : find_name(name_or_id)) {
    if (auto entry = find_entry(*name)) return std::move(*entry);
  }
  for (oci::Descriptor& entry : roots()) {
    if (Digest::find(name_or_id) == entry.digest) return std::move(entry);
  }
  return at(name_or_id).image.descriptor;
}

std::string Images::document(std::string_view name_or_id) const {
  return blobs_.read_document(entry_of(name_or_id).digest, oci::document_size_max);
}

std::vector<NamedImage> Images::list() const {
  std::vector<NamedImage> images = load_all();
  std::stable_sort(images.begin(), images.end(),
                   [](const NamedImage& left, const NamedImage& right) {
                     return left.image.config.created > right.image.config.created;
                   });
  return images;
}

std::vector<oci::Descriptor> Images::roots() const { return read_image_index(store_).manifests; }

bool Images::is_listed_so(const Digest& manifest, const std::vector<oci::Reference>& names) const {
  const oci::Index index = read_image_index(store_);
  const std::vector<oci::Reference> own = names_of(index, manifest);
  return lists(index, manifest) && blobs_.has(manifest) &&
         std::all_of(names.begin(), names.end(), [&](const oci::Reference& name) {
           return std::find(own.begin(), own.end(), name) != own.end();
         });
}

void Images::put_documents(const oci::Image& image) const {
  lease_.hold(layer_digests(image));
  for (const oci::Descriptor& layer : image.manifest.layers) {
    if (blobs_.find_size(layer.digest) != layer.size) {
      fail(ErrorKind::not_found, "layer ", to_string(layer.digest), " of image ",
           to_string(image.id()), " is not in the store");
    }
  }
  if (is_listed_so(image.descriptor.digest, {})) return;
  blobs_.put(image.config_json);
  blobs_.put(image.manifest_json);
}

std::vector<oci::Reference> Images::put(const oci::Image& image,
                                        const std::vector<oci::Reference>& names,
                                        const std::optional<Digest>& index) const {
  for (const oci::Reference& name : names) check_digest(name, image.descriptor.digest, index);
  put_documents(image);
  return list_under(image.descriptor, names);
}

std::vector<oci::Reference> Images::put(const oci::ImageIndex& index,
                                        const std::vector<oci::Reference>& names) const {
  for (const oci::Reference& name : names) {
    check_digest(name, index.descriptor.digest, std::nullopt);
  }
  lease_.hold(index.descriptor.digest);
  for (const oci::Image& image : index.images) put_documents(image);
  blobs_.put(index.json);
  return list_under(index.descriptor, names);
}

std::vector<oci::Reference> Images::list_under(const oci::Descriptor& document,
                                               const std::vector<oci::Reference>& names) const {
  if (is_listed_so(document.digest, names)) return {};
  blobs_.flush();
  std::vector<oci::Reference> taken;
  change_image_index(store_, [&](oci::Index& index) { taken = put_names(index, document, names); });
  return taken;
}

void Images::tag(std::string_view name_or_id, const oci::Reference& name) const {
  const oci::Descriptor entry = entry_of(name_or_id);
  check_digest(name, entry.digest, std::nullopt);
  change_image_index(store_, [&](oci::Index& index) { put_names(index, entry, {name}); });
}

std::set<Digest> Images::entries_of(const oci::Index& index, const oci::Image& image) const {
  std::set<Digest> entries;
  for (const oci::Descriptor& entry : distinct_images(index)) {
    const bool is_it = oci::media_type::is_index(entry.media_type)
                           ? load(entry).descriptor.digest == image.descriptor.digest
                           : entry.digest == image.descriptor.digest;
    if (is_it) entries.insert(entry.digest);
  }
  return entries;
}

Removal Images::remove(std::string_view name_or_id, Force force) const {
  const NamedImage found = at(name_or_id);
  auto name = Digest::find(name_or_id) ? std::nullopt : find_name(name_or_id);
  if (name && !has_name(found.names, *name)) name.reset();  // the text was the beginning of an id
  if (!name && found.names.size() > 1 && force == Force::no) refuse_several_names(found);

  Removal removal;
  change_image_index(store_, [&](oci::Index& index) {
    const std::set<Digest> entries = entries_of(index, found.image);
    remove_entries(index, [&](const oci::Descriptor& entry) {
      if (!entries.contains(entry.digest) || (name && !is_named(entry, *name))) return false;
      if (const auto own = name_of(entry)) removal.untagged.push_back(oci::familiar_name(*own));
      return true;
    });
    const bool is_listed = std::any_of(entries.begin(), entries.end(),
                                       [&](const Digest& entry) { return lists(index, entry); });
    if (!is_listed) removal.deleted.push_back(found.image.id());
  });
  return removal;
}

std::vector<Digest> Images::remove_dangling(const std::function<bool(const Digest&)>& keep) const {
  std::vector<Digest> removed;
  change_image_index(store_, [&](oci::Index& index) {
    remove_entries(index, [&](const oci::Descriptor& entry) {
      if (name_of(entry) || keep(entry.digest)) return false;
      removed.push_back(entry.digest);
      return true;
    });
  });
  return removed;
}

}  // namespace strata::store
