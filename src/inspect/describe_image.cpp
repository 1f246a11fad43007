// The document of `inspect`: Docker's shape, so that scripts written for it go on working.

#include "strata/base/json.hpp"
#include "strata/base/text.hpp"
#include "strata/inspect/image_summary.hpp"

namespace strata::inspect {

namespace {

json::array strings(const std::vector<std::string>& values) {
  json::array array;
  for (const std::string& value : values) array.emplace_back(value);
  return array;
}

json::array names_of(const store::NamedImage& named) {
  json::array tags;
  for (const oci::Reference& name : named.names)
    if (!name.tag.empty()) tags.emplace_back(oci::familiar_name(name));
  return tags;
}

json::array digests_of(const store::NamedImage& named) {
  json::array digests;
  for (const oci::Reference& name : named.names)
    digests.emplace_back(cat(oci::familiar_repository(name), '@', named.image.descriptor.digest));
  return digests;
}

/// What Docker prints even when it is empty, before what the image says.
json::object config_of(const oci::RunConfig& run) {
  json::object config{{"Hostname", ""},
                      {"Domainname", ""},
                      {"User", run.user},
                      {"Env", strings(run.env)},
                      {"Cmd", nullptr},
                      {"Volumes", nullptr},
                      {"WorkingDir", run.working_dir},
                      {"Entrypoint", nullptr},
                      {"OnBuild", nullptr},
                      {"Labels", nullptr}};
  const json::value said = parse_json(oci::to_json(run), "config");
  for (const auto& [key, value] : said.as_object()) config[key] = value;
  return config;
}

json::object root_of(const oci::Image& image) {
  json::array layers;
  for (const DiffId& diff_id : image.config.diff_ids) layers.emplace_back(to_string(diff_id));
  return {{"Type", "layers"}, {"Layers", std::move(layers)}};
}

json::object descriptor_of(const oci::Image& image) {
  return {{"mediaType", image.descriptor.media_type},
          {"digest", to_string(image.descriptor.digest)},
          {"size", image.descriptor.size}};
}

}  // namespace

std::string describe_image(const store::Store& store, const store::NamedImage& named) {
  const oci::Image& image = named.image;
  const std::vector<oci::HistoryEntry>& history = image.config.history;
  json::object document;
  document["Id"] = to_string(image.id());
  document["RepoTags"] = names_of(named);
  document["RepoDigests"] = digests_of(named);
  document["Parent"] = "";
  document["Comment"] = history.empty() ? "" : history.back().comment;
  document["Created"] = image.config.created ? rfc3339(*image.config.created) : "";
  document["DockerVersion"] = "";
  document["Author"] = image.config.author;
  document["Config"] = config_of(image.config.run);
  document["Architecture"] = image.config.platform.architecture;
  document["Variant"] = image.config.platform.variant;
  document["Os"] = image.config.platform.os;
  document["Size"] = image_size(store, image);
  document["RootFS"] = root_of(image);
  document["Descriptor"] = descriptor_of(image);
  return to_text(document);
}

}  // namespace strata::inspect
