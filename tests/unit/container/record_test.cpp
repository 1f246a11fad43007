#include "container/record.hpp"

#include <doctest/doctest.h>

#include "strata/base/error.hpp"
#include "strata/base/file.hpp"
#include "unit/scratch_directory.hpp"

using namespace strata;
using namespace strata::container;

namespace {

Container example(const std::string& host_path) {
  Container one{.id = std::string(64, 'a'),
                .name = "quiet_basalt",
                .image_name = "box",
                .image = Digest::of("image"),
                .command = {"sh", "-c", "echo \"\n\xc3\xa4\""},
                .created = from_unix_seconds(1'700'000'000),
                .started = from_unix_seconds(1'700'000'001),
                .finished = from_unix_seconds(1'700'000'002),
                .exit_code = 137,
                .oom_killed = true,
                .runner = 4711,
                .state = State::created,
                .host_path = host_path,
                .wishes = {}};
  one.wishes.entrypoint.emplace();
  one.wishes.command = {"a", ""};
  one.wishes.env = {"A=b"};
  one.wishes.user = "web";
  one.wishes.tty = true;
  one.wishes.network = sandbox::Network::none;
  one.wishes.volumes = {{"/from", "/to", true}, {"/a", "/b", false}};
  return one;
}

store::ContainerFolder folder_of(const Container& container) {
  return {container.id, container.image, container.host_path};
}

}  // namespace

TEST_CASE("a record that was written is read back as it was") {
  const test::ScratchDirectory scratch;
  const Container one = example(scratch.path());
  write_record(one);
  const auto read = find_record(folder_of(one));
  REQUIRE(read.has_value());
  CHECK(encode_record(*read) == encode_record(one));
  CHECK(read->command == one.command);
  CHECK(read->exit_code == 137);
  CHECK(read->runner == 4711);
  CHECK(read->finished == one.finished);
  CHECK(read->wishes.entrypoint == std::vector<std::string>());
  CHECK(read->wishes.command == one.wishes.command);
  CHECK(read->wishes.volumes[1].target == "/b");
  CHECK(read->wishes.network == sandbox::Network::none);
}

TEST_CASE("what has not happened yet is absent from the record") {
  const test::ScratchDirectory scratch;
  Container one = example(scratch.path());
  one.started = one.finished = {};
  one.exit_code = one.runner = {};
  one.wishes.entrypoint.reset();
  const Container read = decode_record(encode_record(one), folder_of(one));
  CHECK(!read.started.has_value());
  CHECK(!read.finished.has_value());
  CHECK(!read.exit_code.has_value());
  CHECK(!read.wishes.entrypoint.has_value());
}

TEST_CASE("a folder without a record has none and a missing folder neither") {
  const test::ScratchDirectory scratch;
  CHECK(!find_record(folder_of(example(scratch.path()))));
  CHECK(!find_record(folder_of(example(scratch.path() + "/gone"))));
}

TEST_CASE("a record cut short anywhere is corrupt and named") {
  const Container one = example("/store/containers/x");
  const std::string whole = encode_record(one);
  for (std::size_t size = 0; size + 1 < whole.size(); ++size) {
    try {
      decode_record(whole.substr(0, size), folder_of(one));
      FAIL("decoded with " << size << " bytes");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::corrupt);
      CHECK(std::string(error.what()).find("/store/containers/x/container.json") !=
            std::string::npos);
    }
  }
}

TEST_CASE("records of another version or with odd members are corrupt") {
  const Container one = example("/x");
  const auto decode_with = [&](const std::string& from, const std::string& to) {
    std::string text = encode_record(one);
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
    CHECK_THROWS_AS(decode_record(text, folder_of(one)), Error);
  };
  decode_with("\"version\":1", "\"version\":2");
  decode_with("\"exit_code\":137", "\"exit_code\":-1");
  decode_with("\"exit_code\":137", "\"exit_code\":99999999999");
  decode_with("\"runner\":4711", "\"runner\":\"me\"");
  decode_with("2023-", "last year ");
  decode_with("\"network\":\"none\"", "\"network\":\"some\"");
  decode_with(R"(["sh","-c",)", R"([1,)");
}
