#include "devices.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <array>
#include <cerrno>
#include <map>

#include "strata/base/error.hpp"
#include "strata/base/file.hpp"
#include "strata/base/json.hpp"
#include "strata/base/root.hpp"
#include "strata/base/text.hpp"
#include "strata/base/yaml.hpp"
#include "strata/oci/image_config.hpp"

namespace strata::exec {

namespace {

constexpr std::size_t specification_size_max = 4u << 20;

using Parse = json::value (*)(std::string_view text, std::string_view what);

/// What files of specifications are called, and what is written in them.
struct Format {
  std::string_view ending;
  Parse parse;
};
constexpr std::array formats{Format{".json", parse_json}, Format{".yaml", parse_yaml},
                             Format{".yml", parse_yaml}};

/// What a device brings: its own edits and those of its specification, which all its devices share.
struct Edits {
  JsonObject own;
  std::optional<JsonObject> shared;
};

/// All devices of the host by their whole names; owns the documents that the edits point into.
class Specifications {
 public:
  explicit Specifications(const std::vector<std::string>& directories) {
    for (const std::string& directory : directories) read_directory(directory);
  }

  /// One device, all of a kind ("kind=*"), or any one of it ("kind").
  std::vector<const Edits*> find(const std::string& name) const {
    if (const auto exact = devices_.find(name); exact != devices_.end()) return {&exact->second};
    const std::string kind = name.substr(0, name.find('='));
    const bool all = name == kind + "=*";
    std::vector<const Edits*> found;
    if (name != kind && !all) return found;
    for (auto each = devices_.lower_bound(kind + "="); each != devices_.end(); ++each) {
      if (!each->first.starts_with(kind + "=")) break;
      found.push_back(&each->second);
      if (!all) break;
    }
    return found;
  }

  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& [name, edits] : devices_) names.push_back(name);
    return names;
  }

 private:
  void read_directory(const std::string& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0 && errno == ENOENT) return;
    for (const std::string& name : Root::open(path).list("")) {
      const std::string file = cat(path, "/", name);
      for (const Format& format : formats)
        if (name.ends_with(format.ending)) read(file, format.parse);
    }
  }

  void read(const std::string& file, Parse parse) {
    documents_.push_back(
        std::make_unique<json::value>(parse(read_host_file(file, specification_size_max), file)));
    const JsonObject specification(*documents_.back(), file);
    const std::string kind = specification.string("kind");
    for (const JsonObject& device : specification.objects("devices"))
      devices_.insert_or_assign(
          cat(kind, "=", device.string("name")),
          Edits{device.object("containerEdits"), specification.find_object("containerEdits")});
  }

  std::vector<std::unique_ptr<json::value>> documents_;
  std::map<std::string, Edits> devices_;
};

/// What is not said of a node is as the host's own node has it.
sandbox::Device device_node(const JsonObject& node) {
  const std::string path = node.string("path");
  const std::string host_path = node.string_or("hostPath", path);
  struct stat info {};
  if (::stat(host_path.c_str(), &info) != 0) fail_errno("the device ", quoted(host_path));
  sandbox::Device device;
  device.path = path;
  device.mode = (info.st_mode & S_IFMT) |
                static_cast<mode_t>(node.integer_or("fileMode", info.st_mode & 07777) & 07777);
  device.number = info.st_rdev;
  device.uid = static_cast<uid_t>(node.integer_or("uid", info.st_uid));
  device.gid = static_cast<gid_t>(node.integer_or("gid", info.st_gid));
  return device;
}

sandbox::Mount device_mount(const JsonObject& wish) {
  sandbox::Mount mount;
  mount.source = wish.string("hostPath");
  mount.target = wish.string("containerPath");
  for (const std::string& option : wish.strings("options")) {
    if (option == "ro") mount.read_only = true;
    if (option == "noexec") mount.no_exec = true;
  }
  return mount;
}

void apply(const JsonObject& edits, const std::string& name, sandbox::Spec& spec) {
  if (!edits.objects("hooks").empty())
    fail(ErrorKind::usage, "the device ", quoted(name), " wants programs run on the host (",
         edits.what(), ": hooks), which is not done");
  for (const std::string& variable : edits.strings("env")) {
    const std::size_t equals = std::min(variable.find('='), variable.size());
    oci::set_env(spec.env, variable.substr(0, equals),
                 variable.substr(std::min(equals + 1, variable.size())));
  }
  for (const JsonObject& node : edits.objects("deviceNodes"))
    spec.devices.push_back(device_node(node));
  for (const JsonObject& mount : edits.objects("mounts"))
    spec.mounts.push_back(device_mount(mount));
}

[[noreturn]] void fail_missing(const std::string& name, const Specifications& specifications,
                               const std::vector<std::string>& directories) {
  Error error(ErrorKind::not_found, cat("this machine has no device ", quoted(name)));
  error.note(cat("devices are looked for in JSON and YAML files in ", join(directories, " and ")));
  if (const auto nearest = nearest_word(name, specifications.names()))
    error.note(cat("did you mean ", quoted(*nearest), "?"));
  throw error;
}

}  // namespace

void add_devices(std::span<const plan::Device> devices, const std::vector<std::string>& directories,
                 sandbox::Spec& spec) {
  if (devices.empty()) return;
  const Specifications specifications(directories);
  for (const plan::Device& device : devices) {
    const auto found = specifications.find(device.name);
    if (found.empty() && device.required) fail_missing(device.name, specifications, directories);
    for (const Edits* edits : found) {
      if (edits->shared) apply(*edits->shared, device.name, spec);
      apply(edits->own, device.name, spec);
    }
  }
}

}  // namespace strata::exec
