#include "container/wishes_json.hpp"

#include "strata/base/error.hpp"

namespace strata::container {

namespace {

json::array volumes_array(const std::vector<Wishes::Volume>& volumes) {
  json::array array;
  for (const Wishes::Volume& volume : volumes)
    array.push_back(json::object{{"host_path", volume.host_path},
                                 {"target", volume.target},
                                 {"read_only", volume.read_only}});
  return array;
}

std::string_view name_of(sandbox::Network network) {
  return network == sandbox::Network::none ? "none" : "host";
}

sandbox::Network parse_network(const JsonObject& object) {
  const std::string text = object.string("network");
  if (text == "host") return sandbox::Network::host;
  if (text == "none") return sandbox::Network::none;
  fail(ErrorKind::corrupt, object.what(), ": network: expected host or none, found ", quoted(text));
}

}  // namespace

json::array to_array(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

json::object to_object(const Wishes& wishes) {
  json::object object{{"name", wishes.name}, {"command", to_array(wishes.command)}};
  if (wishes.entrypoint) object["entrypoint"] = to_array(*wishes.entrypoint);
  object["env"] = to_array(wishes.env);
  object["user"] = wishes.user;
  object["working_dir"] = wishes.working_dir;
  object["hostname"] = wishes.hostname;
  object["tty"] = wishes.tty;
  object["network"] = name_of(wishes.network);
  object["volumes"] = volumes_array(wishes.volumes);
  return object;
}

Wishes parse_wishes(const JsonObject& object) {
  Wishes wishes;
  wishes.name = object.string("name");
  wishes.command = object.strings("command");
  if (object.find("entrypoint")) wishes.entrypoint = object.strings("entrypoint");
  wishes.env = object.strings("env");
  wishes.user = object.string("user");
  wishes.working_dir = object.string("working_dir");
  wishes.hostname = object.string("hostname");
  wishes.tty = object.boolean_or("tty", false);
  wishes.network = parse_network(object);
  for (const JsonObject& volume : object.objects("volumes"))
    wishes.volumes.push_back({volume.string("host_path"), volume.string("target"),
                              volume.boolean_or("read_only", false)});
  return wishes;
}

}  // namespace strata::container
