// The oldest dialect: `repositories` is {name: {tag: id}}; <id>/json describes one layer together
// with the configuration an image had when it was the top one, and names its parent's id;
// <id>/layer.tar holds the layer. The image configuration of today is put together from these.

#include <algorithm>
#include <map>

#include "input/docker_archive.hpp"
#include "input/layout_images.hpp"
#include "strata/base/error.hpp"
#include "strata/base/json.hpp"

namespace strata::input {

namespace {

constexpr std::size_t repositories_size_max = 1u << 20;
constexpr std::size_t layers_max = 500;

/// One <id>/json, and what keeps it alive.
struct LegacyLayer {
  std::string id;
  json::value document;
};

/// The id is used to look up members, so it must be nothing but an id.
std::string checked_id(const std::string& id, const ArchiveFiles& files) {
  if (!Digest::find_hex(id)) {
    fail(ErrorKind::corrupt, files.what(), ": ", quoted(id), " is no layer id");
  }
  return id;
}

/// The chain of layers from the base up to `top`.
std::vector<LegacyLayer> read_chain(const ArchiveFiles& files, const std::string& top) {
  std::vector<LegacyLayer> chain;
  for (std::string id = checked_id(top, files); !id.empty();) {
    if (chain.size() == layers_max) {
      fail(ErrorKind::corrupt, files.what(), ": the parents of ", top, " have no end");
    }
    const std::string what = files.what() + ": " + id + "/json";
    chain.push_back({id, parse_json(files.document(id + "/json", oci::document_size_max), what)});
    const std::string parent = JsonObject(chain.back().document, what).string_or("parent", "");
    id = parent.empty() ? "" : checked_id(parent, files);
  }
  std::reverse(chain.begin(), chain.end());
  return chain;
}

json::object history_entry(const JsonObject& layer) {
  json::object entry;
  if (const json::value* created = layer.find("created")) entry["created"] = *created;
  if (const auto run = layer.find_object("container_config")) {
    entry["created_by"] = join(run->strings("Cmd"), " ");
  }
  if (const json::value* author = layer.find("author")) entry["author"] = *author;
  if (const json::value* comment = layer.find("comment")) entry["comment"] = *comment;
  return entry;
}

json::array history_of(const std::vector<LegacyLayer>& chain, const std::string& what) {
  json::array history;
  for (const LegacyLayer& layer : chain) {
    history.push_back(history_entry(JsonObject(layer.document, what)));
  }
  return history;
}

/// The config that the chain amounts to.
oci::ImageConfig merge_config(const std::vector<LegacyLayer>& chain,
                              const std::vector<oci::Layer>& layers, const std::string& what) {
  json::object config;
  const JsonObject top(chain.back().document, what);
  for (const char* key : {"created", "author", "architecture", "os", "config"}) {
    if (const json::value* member = top.find(key)) config[key] = *member;
  }
  json::array diff_ids;
  for (const oci::Layer& layer : layers) diff_ids.emplace_back(to_string(layer.diff_id));
  config["rootfs"] = {{"type", "layers"}, {"diff_ids", std::move(diff_ids)}};
  config["history"] = history_of(chain, what);
  return oci::parse_image_config(to_text(config), what);
}

oci::Image read_image(const ArchiveFiles& files, const std::string& top) {
  const std::vector<LegacyLayer> chain = read_chain(files, top);
  std::vector<oci::Layer> layers;
  for (const LegacyLayer& layer : chain) {
    layers.push_back(files.layer(layer.id + "/layer.tar", std::nullopt));
  }
  return oci::make_image(merge_config(chain, layers, files.what() + ": " + top), layers);
}

/// {name: {tag: id}} as names by the id of the top layer.
std::map<std::string, std::vector<oci::Reference>> read_names(const ArchiveFiles& files) {
  const std::string what = files.what() + ": repositories";
  const json::value value = parse_json(files.document("repositories", repositories_size_max), what);
  const JsonObject repositories(value, what);
  std::map<std::string, std::vector<oci::Reference>> names;
  for (const auto& member : repositories.raw()) {
    for (const auto& [tag, id] : repositories.string_map(member.key())) {
      names[id].push_back(parse_foreign_name(cat(std::string_view(member.key()), ':', tag), what));
    }
  }
  return names;
}

}  // namespace

std::vector<FoundImage> read_legacy_archive(const ArchiveFiles& files) {
  std::vector<FoundImage> images;
  for (const auto& [id, names] : read_names(files))
    images.push_back({read_image(files, id), names});
  return images;
}

}  // namespace strata::input
