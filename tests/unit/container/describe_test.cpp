#include "strata/base/json.hpp"
#include "unit/container/busybox_store.hpp"

using namespace strata;
using namespace strata::container;
using test::BusyboxStore;

TEST_CASE("a container is described in Docker's shape") {
  oci::RunConfig run;
  run.env = {"A=image"};
  run.cmd = {{"cmd"}};
  run.labels = {{"who", "me"}};
  BusyboxStore box(run, {});
  Wishes wishes;
  wishes.name = "topaz";
  wishes.command = {"echo", "hello", "you"};
  wishes.env = {"B=wish"};
  wishes.volumes = {{"/tmp", "/in", true}};
  const Container one = box.create(wishes);
  const json::value document = parse_json(describe(box.store(), one), "inspect");
  const JsonObject object(document, "inspect");

  CHECK(object.string("Id") == one.id);
  CHECK(object.string("Name") == "/topaz");
  CHECK(object.string("Path") == "echo");
  CHECK(object.strings("Args") == std::vector<std::string>{"hello", "you"});
  CHECK(object.string("Image") == to_string(box.store().images().at("box").image.id()));
  CHECK(object.object("State").string("Status") == "created");
  CHECK(object.object("State").string("StartedAt") == "0001-01-01T00:00:00Z");
  CHECK(object.object("State").integer("ExitCode") == 0);
  CHECK(object.object("Config").strings("Env") == std::vector<std::string>{"A=image", "B=wish"});
  CHECK(object.object("Config").strings("Cmd") == wishes.command);
  CHECK(object.object("Config").string("Image") == "box");
  CHECK(object.object("Config").string("Hostname") == one.id.substr(0, 12));
  CHECK(object.object("Config").string_map("Labels").at("who") == "me");
  CHECK(object.objects("Mounts").at(0).string("Destination") == "/in");
  CHECK(!object.objects("Mounts").at(0).boolean_or("RW", true));
  CHECK(object.object("HostConfig").strings("Binds") == std::vector<std::string>{"/tmp:/in:ro"});
  CHECK(object.object("GraphDriver").object("Data").string("UpperDir") == one.host_path + "/upper");
}

TEST_CASE("how a container ended is described") {
  BusyboxStore box({}, {});
  Wishes wishes;
  wishes.command = {"true"};
  Container one = box.create(wishes);
  one.state = State::exited;
  const auto exit_code = [&] {
    const json::value document = parse_json(describe(box.store(), one), "inspect");
    return JsonObject(document, "inspect").object("State").integer("ExitCode");
  };
  CHECK(exit_code() == 255);
  one.exit_code = 3;
  CHECK(exit_code() == 3);
}
