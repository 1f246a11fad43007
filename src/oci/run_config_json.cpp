#include "oci/run_config_json.hpp"

#include <algorithm>

#include "oci/document.hpp"

namespace strata::oci {

namespace {

constexpr std::array<std::string_view, 12> members{
    "User",       "ExposedPorts", "Env",        "Entrypoint",  "Cmd",     "Volumes",
    "WorkingDir", "Labels",       "StopSignal", "Healthcheck", "OnBuild", "Shell"};

/// The keys of an object used as a set; sorted.
std::vector<std::string> parse_set(const JsonObject& object, std::string_view key) {
  std::vector<std::string> names;
  if (const auto set = object.find_object(key)) {
    for (const auto& member : set->raw()) names.emplace_back(member.key());
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// A list whose absence says something else than its being empty.
std::optional<std::vector<std::string>> parse_command(const JsonObject& object,
                                                      std::string_view key) {
  if (!object.find(key)) return std::nullopt;
  return object.strings(key);
}

std::optional<Healthcheck> parse_healthcheck(const JsonObject& config) {
  const auto object = config.find_object("Healthcheck");
  if (!object) return std::nullopt;
  return Healthcheck{object->strings("Test"),
                     object->integer_or("Interval", 0),
                     object->integer_or("Timeout", 0),
                     object->integer_or("StartPeriod", 0),
                     object->integer_or("StartInterval", 0),
                     object->integer_or("Retries", 0)};
}

json::object to_object(const Healthcheck& check) {
  json::object object;
  if (!check.test.empty()) object["Test"] = to_json_array(check.test);
  const auto put_number = [&](std::string_view key, std::int64_t number) {
    if (number != 0) object[key] = number;
  };
  put_number("Interval", check.interval);
  put_number("Timeout", check.timeout);
  put_number("StartPeriod", check.start_period);
  put_number("StartInterval", check.start_interval);
  put_number("Retries", check.retries);
  return object;
}

void put_list(json::object& object, std::string_view key, const std::vector<std::string>& list) {
  if (!list.empty()) object[key] = to_json_array(list);
}

void put_command(json::object& object, std::string_view key,
                 const std::optional<std::vector<std::string>>& command) {
  if (command) object[key] = to_json_array(*command);
}

}  // namespace

bool is_run_config_member(std::string_view key) {
  return std::find(members.begin(), members.end(), key) != members.end();
}

RunConfig parse_run_config(const JsonObject& object) {
  RunConfig config;
  config.user = object.string_or("User", "");
  config.exposed_ports = parse_set(object, "ExposedPorts");
  config.env = object.strings("Env");
  config.entrypoint = parse_command(object, "Entrypoint");
  config.cmd = parse_command(object, "Cmd");
  config.volumes = parse_set(object, "Volumes");
  config.working_dir = object.string_or("WorkingDir", "");
  config.labels = object.string_map("Labels");
  config.stop_signal = object.string_or("StopSignal", "");
  config.healthcheck = parse_healthcheck(object);
  config.on_build = object.strings("OnBuild");
  config.shell = object.strings("Shell");
  return config;
}

json::object to_object(const RunConfig& config) {
  json::object object;
  put_unless_empty(object, "User", config.user);
  if (!config.exposed_ports.empty()) object["ExposedPorts"] = to_json_set(config.exposed_ports);
  put_list(object, "Env", config.env);
  put_command(object, "Entrypoint", config.entrypoint);
  put_command(object, "Cmd", config.cmd);
  if (!config.volumes.empty()) object["Volumes"] = to_json_set(config.volumes);
  put_unless_empty(object, "WorkingDir", config.working_dir);
  if (!config.labels.empty()) object["Labels"] = to_json_map(config.labels);
  put_unless_empty(object, "StopSignal", config.stop_signal);
  if (config.healthcheck) object["Healthcheck"] = to_object(*config.healthcheck);
  put_list(object, "OnBuild", config.on_build);
  put_list(object, "Shell", config.shell);
  return object;
}

}  // namespace strata::oci
