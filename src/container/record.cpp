#include "container/record.hpp"

#include <fcntl.h>

#include <limits>

#include "container/wishes_json.hpp"
#include "strata/base/error.hpp"
#include "strata/base/file.hpp"

namespace strata::container {

namespace {

constexpr int version = 1;
/// A command line has at most 128 KiB in each of its arguments; this leaves room for many.
constexpr std::size_t record_size_max = 16u << 20;

void put_time(json::object& object, std::string_view key, const std::optional<Time>& time) {
  if (time) object[key] = rfc3339(*time);
}

std::optional<Time> find_time(const JsonObject& object, std::string_view key) {
  if (!object.find(key)) return std::nullopt;
  return parse_rfc3339(object.string(key));
}

std::optional<int> find_int(const JsonObject& object, std::string_view key) {
  if (!object.find(key)) return std::nullopt;
  const std::int64_t number = object.integer(key);
  if (number < 0 || number > std::numeric_limits<int>::max())
    fail(ErrorKind::corrupt, object.what(), ": ", key, " ", number, " is out of range");
  return static_cast<int>(number);
}

void check_version(const JsonObject& object) {
  const std::int64_t found = object.integer("version");
  if (found != version)
    fail(ErrorKind::corrupt, object.what(), ": version ", found, " of the record is unknown; ",
         "expected ", version);
}

Container decode(const JsonObject& object, const store::ContainerFolder& folder) {
  check_version(object);
  Container container{.id = folder.id,
                      .name = object.string("name"),
                      .image_name = object.string("image_name"),
                      .image = folder.image_manifest,
                      .command = object.strings("command"),
                      .created = parse_rfc3339(object.string("created")),
                      .started = find_time(object, "started"),
                      .finished = find_time(object, "finished"),
                      .exit_code = find_int(object, "exit_code"),
                      .oom_killed = object.boolean_or("oom_killed", false),
                      .runner = find_int(object, "runner"),
                      .state = State::created,
                      .host_path = folder.host_path,
                      .wishes = parse_wishes(object.object("wishes"))};
  if (container.command.empty()) fail(ErrorKind::corrupt, object.what(), ": the command is empty");
  return container;
}

}  // namespace

std::string encode_record(const Container& container) {
  json::object object{{"version", version},
                      {"name", container.name},
                      {"image_name", container.image_name},
                      {"command", to_array(container.command)},
                      {"created", rfc3339(container.created)}};
  put_time(object, "started", container.started);
  put_time(object, "finished", container.finished);
  if (container.exit_code) object["exit_code"] = *container.exit_code;
  if (container.oom_killed) object["oom_killed"] = true;
  if (container.runner) object["runner"] = *container.runner;
  object["wishes"] = to_object(container.wishes);
  return to_text(object) + '\n';
}

Container decode_record(std::string_view text, const store::ContainerFolder& folder) {
  const std::string path = cat(folder.host_path, '/', record_name);
  try {
    return decode(JsonObject(parse_json(text, path), path), folder);
  } catch (Error& error) {
    throw error.note(cat("the record of container ", folder.id.substr(0, 12), " is damaged (", path,
                         "); remove the directory it is in to be rid of the container"));
  }
}

std::optional<Container> find_record(const store::ContainerFolder& folder) {
  const Fd directory(::open(folder.host_path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!directory) return std::nullopt;
  const auto text = find_small_file(directory.get(), record_name, record_size_max);
  if (!text) return std::nullopt;
  return decode_record(*text, folder);
}

void write_record(const Container& container) {
  const Root folder = Root::open(container.host_path);
  write_file(folder.fd(), record_name, encode_record(container), Durability::synced);
}

}  // namespace strata::container
