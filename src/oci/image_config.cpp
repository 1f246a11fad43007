#include "strata/oci/image_config.hpp"

#include <algorithm>
#include <array>

#include "oci/document.hpp"
#include "oci/run_config_json.hpp"
#include "strata/base/error.hpp"

namespace strata::oci {

namespace {

constexpr std::array<std::string_view, 8> members{"created", "author", "architecture", "os",
                                                  "variant", "config", "rootfs",       "history"};

bool is_config_member(std::string_view key) {
  return std::find(members.begin(), members.end(), key) != members.end();
}

/// The members that `is_known` says no to, as the text of an object; empty if there is none.
std::string unknown_members_of(const json::object& object, bool (*is_known)(std::string_view)) {
  json::object unknown;
  for (const auto& [key, value] : object) {
    if (!is_known(key) && !value.is_null()) unknown[key] = value;
  }
  return unknown.empty() ? "" : to_text(unknown);
}

/// Puts members carried along in text behind those that are there; known ones win.
void put_unknown_members(json::object& object, const std::string& text) {
  if (text.empty()) return;
  const json::value carried = parse_json(text, "unknown members of an image config");
  for (const auto& [key, value] : JsonObject(carried, "unknown members").raw()) {
    if (!object.contains(key)) object[key] = value;
  }
}

/// Year 1 is how Go writes a time that was never set.
std::optional<Time> parse_created(const JsonObject& object) {
  const std::string text = object.string_or("created", "");
  if (text.empty() || text.starts_with("0001-")) return std::nullopt;
  return parse_rfc3339(text);
}

std::vector<DiffId> parse_diff_ids(const JsonObject& config) {
  const JsonObject rootfs = config.object("rootfs");
  if (const std::string type = rootfs.string("type"); type != "layers") {
    fail(ErrorKind::corrupt, config.what(), ": rootfs is of type ", quoted(type),
         ", not \"layers\"");
  }
  std::vector<DiffId> diff_ids;
  for (const std::string& text : rootfs.strings("diff_ids")) {
    diff_ids.emplace_back(Digest::parse(text, cat(config.what(), ": diff id")));
  }
  return diff_ids;
}

std::vector<HistoryEntry> parse_history(const JsonObject& config) {
  std::vector<HistoryEntry> history;
  for (const JsonObject& entry : config.objects("history")) {
    history.push_back({parse_created(entry), entry.string_or("created_by", ""),
                       entry.string_or("author", ""), entry.string_or("comment", ""),
                       entry.boolean_or("empty_layer", false)});
  }
  return history;
}

void check_history(const ImageConfig& config, std::string_view what) {
  if (config.history.empty()) return;
  const auto layers = std::count_if(config.history.begin(), config.history.end(),
                                    [](const HistoryEntry& entry) { return !entry.empty_layer; });
  if (static_cast<std::size_t>(layers) != config.diff_ids.size()) {
    fail(ErrorKind::corrupt, what, ": the history tells of ", layers, " layers but there are ",
         config.diff_ids.size());
  }
}

json::object to_object(const HistoryEntry& entry) {
  json::object object;
  if (entry.created) object["created"] = rfc3339(*entry.created);
  put_unless_empty(object, "created_by", entry.created_by);
  put_unless_empty(object, "author", entry.author);
  put_unless_empty(object, "comment", entry.comment);
  if (entry.empty_layer) object["empty_layer"] = true;
  return object;
}

json::object rootfs_object(const std::vector<DiffId>& diff_ids) {
  json::object object;
  object["type"] = "layers";
  json::array& list = object["diff_ids"].emplace_array();
  for (const DiffId& diff_id : diff_ids) list.emplace_back(to_string(diff_id));
  return object;
}

json::array history_array(const std::vector<HistoryEntry>& history) {
  json::array array;
  for (const HistoryEntry& entry : history) array.push_back(to_object(entry));
  return array;
}

}  // namespace

ImageConfig parse_image_config(std::string_view text, std::string_view what) {
  const json::value value = parse_document(text, what);
  const JsonObject document(value, std::string(what));
  ImageConfig config;
  config.created = parse_created(document);
  config.author = document.string_or("author", "");
  config.platform = {document.string_or("os", "linux"), document.string_or("architecture", ""),
                     document.string_or("variant", "")};
  config.unknown_members = unknown_members_of(document.raw(), is_config_member);
  if (const auto run = document.find_object("config")) {
    config.run = parse_run_config(*run);
    config.unknown_run_members = unknown_members_of(run->raw(), is_run_config_member);
  }
  config.diff_ids = parse_diff_ids(document);
  config.history = parse_history(document);
  check_history(config, what);
  return config;
}

std::string to_json(const ImageConfig& config) {
  json::object object;
  if (config.created) object["created"] = rfc3339(*config.created);
  put_unless_empty(object, "author", config.author);
  object["architecture"] = config.platform.architecture;
  object["os"] = config.platform.os;
  put_unless_empty(object, "variant", config.platform.variant);
  json::object run = to_object(config.run);
  put_unknown_members(run, config.unknown_run_members);
  object["config"] = std::move(run);
  object["rootfs"] = rootfs_object(config.diff_ids);
  if (!config.history.empty()) object["history"] = history_array(config.history);
  put_unknown_members(object, config.unknown_members);
  return to_text(object);
}

std::string to_json(const RunConfig& config) { return to_text(to_object(config)); }

namespace {

bool defines(std::string_view entry, std::string_view name) {
  return entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=';
}

}  // namespace

std::optional<std::string> find_env(const std::vector<std::string>& env, std::string_view name) {
  for (auto entry = env.rbegin(); entry != env.rend(); ++entry) {
    if (defines(*entry, name)) return entry->substr(name.size() + 1);
  }
  return std::nullopt;
}

void set_env(std::vector<std::string>& env, std::string_view name, std::string_view value) {
  const std::string text = cat(name, '=', value);
  const auto same_name = [&](const std::string& entry) { return defines(entry, name); };
  const auto first = std::find_if(env.begin(), env.end(), same_name);
  if (first == env.end()) {
    env.push_back(text);
    return;
  }
  *first = text;
  env.erase(std::remove_if(first + 1, env.end(), same_name), env.end());
}

}  // namespace strata::oci
