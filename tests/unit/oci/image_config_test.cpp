#include "strata/oci/image_config.hpp"

#include <doctest/doctest.h>

#include "strata/base/error.hpp"

using namespace strata;
using namespace strata::oci;

namespace {

ImageConfig full_config() {
  ImageConfig config;
  config.created = from_unix_seconds(1700000000) + std::chrono::nanoseconds(123456789);
  config.author = "someone <a@b.example>";
  config.platform = {"linux", "arm", "v7"};
  config.run.user = "1000:1000";
  config.run.exposed_ports = {"443/tcp", "80/tcp"};
  config.run.env = {"PATH=/bin", "EMPTY=", "A=b=c"};
  config.run.entrypoint = std::vector<std::string>{};
  config.run.cmd = std::vector<std::string>{"sh", "-c", "echo \"x\"\n"};
  config.run.volumes = {"/data"};
  config.run.working_dir = "/srv";
  config.run.labels = {{"k", "v"}, {"other", ""}};
  config.run.stop_signal = "SIGTERM";
  config.run.healthcheck = Healthcheck{{"CMD", "true"}, 30, 0, 5, 7, 3};
  config.run.on_build = {"RUN true"};
  config.run.shell = {"/bin/bash", "-c"};
  config.diff_ids = {DiffId(Digest::of("a")), DiffId(Digest::of("b"))};
  config.history = {{config.created, "ADD a", "", "", false},
                    {std::nullopt, "ENV x", "me", "why", true},
                    {config.created, "ADD b", "", "", false}};
  config.unknown_members = R"({"os.version":"10.0","moby.x":[1,{"y":null}]})";
  config.unknown_run_members = R"({"ArgsEscaped":true})";
  return config;
}

const std::string rootfs =
    R"("rootfs":{"type":"layers","diff_ids":["sha256:)" + std::string(64, '1') + R"("]})";

}  // namespace

TEST_CASE("printing and reading a config gives it back with what we do not know") {
  const ImageConfig config = full_config();
  CHECK(parse_image_config(to_json(config), "c") == config);
  CHECK(to_json(parse_image_config(to_json(config), "c")) == to_json(config));
}

TEST_CASE("an empty config survives too") {
  ImageConfig config;
  config.platform = {"linux", "amd64", ""};
  CHECK(parse_image_config(to_json(config), "c") == config);
  CHECK(to_json(config) == R"({"architecture":"amd64","os":"linux","config":{},)"
                           R"("rootfs":{"type":"layers","diff_ids":[]}})");
}

TEST_CASE("a config is printed in the order of the Go structs") {
  const std::string text = to_json(full_config());
  std::size_t last = 0;
  for (const char* key :
       {"created",     "author",       "architecture", "os",          "variant", "config",
        "User",        "ExposedPorts", "Env",          "Entrypoint",  "Cmd",     "Volumes",
        "WorkingDir",  "Labels",       "StopSignal",   "Healthcheck", "OnBuild", "Shell",
        "ArgsEscaped", "rootfs",       "history",      "os.version"}) {
    const std::size_t at = text.find("\"" + std::string(key) + "\":", last);
    CAPTURE(key);
    REQUIRE(at != std::string::npos);
    last = at;
  }
}

TEST_CASE("members of another case or with null are as good as absent") {
  const auto config = parse_image_config(
      R"({"os":"linux","architecture":"amd64","config":{"Cmd":null,"Labels":null},)"
      R"("history":null,)" +
          rootfs + "}",
      "c");
  CHECK_FALSE(config.run.cmd);
  CHECK(config.run.labels.empty());
  CHECK(config.unknown_run_members.empty());
}

TEST_CASE("a creation time that Go never set is no time") {
  CHECK_FALSE(
      parse_image_config(R"({"created":"0001-01-01T00:00:00Z",)" + rootfs + "}", "c").created);
}

TEST_CASE("a history that does not fit the layers is corrupt") {
  ImageConfig config = full_config();
  config.history.pop_back();
  CHECK_THROWS_AS(parse_image_config(to_json(config), "c"), Error);
  config.history.clear();
  CHECK(parse_image_config(to_json(config), "c") == config);
}

TEST_CASE("hostile configs are refused") {
  const std::string deep = std::string(2000, '[') + std::string(2000, ']');
  for (const std::string& text :
       {std::string("{}"), std::string("null"), std::string("{\"rootfs\":{}}"),
        std::string(R"({"rootfs":{"type":"base","diff_ids":[]}})"),
        std::string(R"({"rootfs":{"type":"layers","diff_ids":["sha256:../../etc"]}})"),
        std::string(R"({"rootfs":{"type":"layers","diff_ids":[1]}})"),
        "{" + rootfs + "," + rootfs + "}", "{" + rootfs + ",\"config\":[]}",
        "{" + rootfs + R"(,"config":{"Env":"A=b"}})", "{" + rootfs + R"(,"created":"yesterday"})",
        "{" + rootfs + ",\"x\":" + deep + "}", "{" + rootfs + "}{}",
        "{" + rootfs + ",\"author\":\"\xff\"}"}) {
    CAPTURE(text.substr(0, 80));
    try {
      parse_image_config(text, "c");
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::corrupt);
    }
  }
}

TEST_CASE("the environment keeps the order of first definition") {
  std::vector<std::string> env{"A=1", "B=2", "A=3"};
  CHECK(find_env(env, "A") == "3");
  CHECK(find_env(env, "a") == std::nullopt);
  CHECK(find_env({"AB=1"}, "A") == std::nullopt);
  set_env(env, "A", "4");
  CHECK(env == std::vector<std::string>{"A=4", "B=2"});
  set_env(env, "C", "");
  CHECK(env.back() == "C=");
}
