#include "strata/oci/descriptor.hpp"

#include <algorithm>

#include "oci/document.hpp"
#include "strata/base/error.hpp"
#include "strata/oci/media_type.hpp"

namespace strata::oci {

namespace {

std::optional<Platform> parse_descriptor_platform(const JsonObject& descriptor) {
  const auto platform = descriptor.find_object("platform");
  if (!platform) return std::nullopt;
  return Platform{platform->string_or("os", ""), platform->string_or("architecture", ""),
                  platform->string_or("variant", "")};
}

Descriptor parse_descriptor(const JsonObject& object) {
  const std::int64_t size = object.integer("size");
  if (size < 0) fail(ErrorKind::corrupt, object.what(), ": a descriptor has a negative size");
  return {object.string("mediaType"),
          Digest::parse(object.string("digest"), cat(object.what(), ": digest")),
          static_cast<std::uint64_t>(size),
          parse_descriptor_platform(object),
          object.string_map("annotations"),
          from_base64(object.string_or("data", "")).value_or("")};
}

std::vector<Descriptor> parse_descriptors(const std::vector<JsonObject>& objects) {
  std::vector<Descriptor> descriptors;
  descriptors.reserve(objects.size());
  for (const JsonObject& object : objects) descriptors.push_back(parse_descriptor(object));
  return descriptors;
}

/// What both kinds of document must say of themselves: the version, and the media type under which
/// they were handed out, if they name one.
void check_header(const JsonObject& document, std::string_view media_type) {
  if (const auto version = document.integer("schemaVersion"); version != 2) {
    fail(ErrorKind::corrupt, document.what(), ": schemaVersion is ", version, ", not 2");
  }
  const std::string own_type = document.string_or("mediaType", "");
  if (!own_type.empty() && !media_type.empty() && own_type != media_type) {
    fail(ErrorKind::corrupt, document.what(), " says it is ", quoted(own_type),
         " but is referred to as ", quoted(media_type));
  }
}

void refuse_members(const JsonObject& document, std::initializer_list<std::string_view> members,
                    std::string_view kind) {
  for (const std::string_view member : members) {
    if (document.raw().contains(member)) {
      fail(ErrorKind::corrupt, document.what(), ": \"", member, "\" has no place in ", kind);
    }
  }
}

std::string own_media_type(const JsonObject& document, std::string_view given,
                           std::string_view otherwise) {
  return document.string_or("mediaType", given.empty() ? otherwise : given);
}

void put_annotations(json::object& object, const Annotations& annotations) {
  if (!annotations.empty()) object["annotations"] = to_json_map(annotations);
}

json::object to_object(const Descriptor& descriptor) {
  json::object object;
  object["mediaType"] = descriptor.media_type;
  object["digest"] = to_string(descriptor.digest);
  object["size"] = descriptor.size;
  put_annotations(object, descriptor.annotations);
  if (const auto& platform = descriptor.platform) {
    json::object& member = object["platform"].emplace_object();
    member["architecture"] = platform->architecture;
    member["os"] = platform->os;
    put_unless_empty(member, "variant", platform->variant);
  }
  if (!descriptor.data.empty()) object["data"] = to_base64(descriptor.data);
  return object;
}

json::array to_array(const std::vector<Descriptor>& descriptors) {
  json::array array;
  array.reserve(descriptors.size());
  for (const Descriptor& descriptor : descriptors) array.push_back(to_object(descriptor));
  return array;
}

/// Attestations and whatever else has no platform of this world are no candidates.
bool is_image(const Descriptor& descriptor) {
  return media_type::is_manifest(descriptor.media_type) &&
         !descriptor.annotations.contains(annotation::docker_reference_type) &&
         !(descriptor.platform && descriptor.platform->os == "unknown");
}

std::string list_platforms(const std::vector<const Descriptor*>& images) {
  std::vector<std::string> names;
  for (const Descriptor* image : images) {
    names.push_back(image->platform ? to_string(*image->platform) : "one without a platform");
  }
  return names.empty() ? "no image at all" : join(names, ", ");
}

}  // namespace

std::optional<std::string> embedded(const Descriptor& descriptor) {
  const std::string& data = descriptor.data;
  if (data.empty() || data.size() != descriptor.size || Digest::of(data) != descriptor.digest)
    return std::nullopt;
  return data;
}

Manifest parse_manifest(std::string_view text, std::string_view media_type, std::string_view what) {
  const json::value value = parse_document(text, what);
  const JsonObject document(value, std::string(what));
  check_header(document, media_type);
  refuse_members(document, {"manifests", "fsLayers"}, "an image manifest");
  const std::string type = own_media_type(document, media_type, media_type::manifest);
  if (!media_type::is_manifest(type)) {
    fail(ErrorKind::corrupt, what, " is of type ", quoted(type), ", which is no image manifest");
  }
  Manifest manifest{type, parse_descriptor(document.object("config")),
                    parse_descriptors(document.objects("layers")),
                    document.string_map("annotations"), document.string_or("artifactType", "")};
  if (manifest.layers.size() > layers_max) {
    fail(ErrorKind::corrupt, what, " has ", manifest.layers.size(), " layers; ", layers_max,
         " is the most that can be stacked");
  }
  return manifest;
}

Index parse_index(std::string_view text, std::string_view media_type, std::string_view what) {
  const json::value value = parse_document(text, what);
  const JsonObject document(value, std::string(what));
  check_header(document, media_type);
  refuse_members(document, {"layers", "config", "fsLayers"}, "an image index");
  const std::string type = own_media_type(document, media_type, media_type::index);
  if (!media_type::is_index(type)) {
    fail(ErrorKind::corrupt, what, " is of type ", quoted(type), ", which is no image index");
  }
  return {parse_descriptors(document.objects("manifests")), document.string_map("annotations")};
}

std::string to_json(const Manifest& manifest) {
  json::object object;
  object["schemaVersion"] = 2;
  object["mediaType"] = manifest.media_type;
  put_unless_empty(object, "artifactType", manifest.artifact_type);
  object["config"] = to_object(manifest.config);
  object["layers"] = to_array(manifest.layers);
  put_annotations(object, manifest.annotations);
  return to_text(object);
}

std::string to_json(const Index& index) {
  json::object object;
  object["schemaVersion"] = 2;
  object["mediaType"] = json::string(media_type::index);
  object["manifests"] = to_array(index.manifests);
  put_annotations(object, index.annotations);
  return to_text(object);
}

std::vector<Descriptor> images_of(const Index& index) {
  std::vector<Descriptor> images;
  std::copy_if(index.manifests.begin(), index.manifests.end(), std::back_inserter(images),
               is_image);
  return images;
}

const Descriptor& choose_manifest(const Index& index, const Platform& want, std::string_view what) {
  std::vector<const Descriptor*> images;
  for (const Descriptor& descriptor : index.manifests) {
    if (is_image(descriptor)) images.push_back(&descriptor);
  }
  if (images.size() == 1 && !images.front()->platform) return *images.front();

  const Descriptor* best = nullptr;
  for (const Descriptor* image : images) {
    if (!image->platform || !serves(*image->platform, want)) continue;
    if (image->platform->variant == want.variant) return *image;
    if (!best) best = image;
  }
  if (!best) {
    fail(ErrorKind::not_found, what, " has no image for ", to_string(want), "; it has ",
         list_platforms(images));
  }
  return *best;
}

}  // namespace strata::oci
