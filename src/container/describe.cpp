// The document of `inspect` for a container: Docker's shape, so that scripts written for it go on
// working.

#include <algorithm>

#include "container/image.hpp"
#include "container/settings.hpp"
#include "container/wishes_json.hpp"
#include "strata/base/text.hpp"

namespace strata::container {

namespace {

/// What Docker writes for a time that has not come.
constexpr const char* no_time = "0001-01-01T00:00:00Z";
/// What containerd says of a process whose end nobody saw.
constexpr int unknown_exit_code = 255;

std::string time_text(const std::optional<Time>& time) { return time ? rfc3339(*time) : no_time; }

json::object state_of(const Container& container) {
  const bool is_running = container.state == State::running;
  const int otherwise = container.state == State::exited ? unknown_exit_code : 0;
  return {{"Status", to_string(container.state)},
          {"Running", is_running},
          {"Paused", false},
          {"Restarting", false},
          {"OOMKilled", container.oom_killed},
          {"Dead", false},
          {"Pid", is_running ? container.runner.value_or(0) : 0},
          {"ExitCode", container.exit_code.value_or(otherwise)},
          {"Error", ""},
          {"StartedAt", time_text(container.started)},
          {"FinishedAt", time_text(container.finished)}};
}

std::string_view mode_of(const Wishes::Volume& volume) { return volume.read_only ? "ro" : "rw"; }

json::array mounts_of(const Wishes& wishes) {
  json::array mounts;
  for (const Wishes::Volume& volume : wishes.volumes)
    mounts.push_back(json::object{{"Type", "bind"},
                                  {"Source", volume.host_path},
                                  {"Destination", volume.target},
                                  {"Mode", mode_of(volume)},
                                  {"RW", !volume.read_only},
                                  {"Propagation", "rprivate"}});
  return mounts;
}

json::object host_config_of(const Wishes& wishes) {
  json::array binds;
  for (const Wishes::Volume& volume : wishes.volumes)
    binds.push_back(json::string(cat(volume.host_path, ':', volume.target, ':', mode_of(volume))));
  return {{"Binds", std::move(binds)},
          {"NetworkMode", wishes.network == sandbox::Network::none ? "none" : "host"},
          {"Privileged", false},
          {"ReadonlyRootfs", false}};
}

/// Where the layers are when they are unpacked, which is done when they are needed.
json::object graph_driver_of(const store::Store& store, const Container& container,
                             const oci::Image& image) {
  std::vector<std::string> lowers;
  for (const DiffId& diff_id : image.config.diff_ids)
    lowers.push_back(cat(store.host_path(), "/unpacked/", diff_id.hex(), "/fs"));
  std::reverse(lowers.begin(), lowers.end());
  return {{"Name", "overlay"},
          {"Data", json::object{{"LowerDir", join(lowers, ":")},
                                {"UpperDir", cat(container.host_path, "/upper")},
                                {"WorkDir", cat(container.host_path, "/work")}}}};
}

json::object config_of(const Container& container, const oci::RunConfig& settings) {
  json::object config{{"Hostname", hostname_of(container)},
                      {"Domainname", ""},
                      {"User", settings.user},
                      {"Tty", container.wishes.tty},
                      {"Env", to_array(settings.env)},
                      {"Cmd", nullptr},
                      {"Image", container.image_name},
                      {"Volumes", nullptr},
                      {"WorkingDir", settings.working_dir},
                      {"Entrypoint", nullptr},
                      {"OnBuild", nullptr},
                      {"Labels", json::object()}};
  const json::value said = parse_json(oci::to_json(settings), "config");
  for (const auto& [key, value] : said.as_object()) config[key] = value;
  return config;
}

}  // namespace

std::string describe(const store::Store& store, const Container& container) {
  const oci::Image image = load_image(store, container.image);
  json::object document;
  document["Id"] = container.id;
  document["Created"] = rfc3339(container.created);
  document["Path"] = container.command.front();
  document["Args"] = to_array({container.command.begin() + 1, container.command.end()});
  document["State"] = state_of(container);
  document["Image"] = to_string(image.id());
  document["Name"] = cat('/', container.name);
  document["RestartCount"] = 0;
  document["Driver"] = "overlay";
  document["Platform"] = image.config.platform.os;
  document["HostConfig"] = host_config_of(container.wishes);
  document["GraphDriver"] = graph_driver_of(store, container, image);
  document["Mounts"] = mounts_of(container.wishes);
  document["Config"] = config_of(container, lay_over(image.config.run, container.wishes));
  return to_text(document);
}

}  // namespace strata::container
