// New containers: names, commands, refusals, and finding them again.

#include <atomic>
#include <set>
#include <thread>

#include "strata/base/error.hpp"
#include "unit/container/busybox_store.hpp"

using namespace strata;
using namespace strata::container;
using test::BusyboxStore;

namespace {

Wishes named(const std::string& name) {
  Wishes wishes;
  wishes.name = name;
  wishes.command = {"true"};
  return wishes;
}

template <class Work>
ErrorKind kind_of_failure(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.kind();
  }
  return ErrorKind::step_failed;  // which nothing here throws
}

std::vector<std::string> command(const oci::RunConfig& run, const Wishes& wishes) {
  BusyboxStore box(run, {});
  return box.create(wishes).command;
}

}  // namespace

TEST_CASE("a new container is in the list with all that was wished") {
  BusyboxStore box({}, {});
  Wishes wishes = named("quartz");
  wishes.env = {"A=b"};
  wishes.volumes = {{"/tmp", "/tmp", true}};
  const Container made = box.create(wishes);
  const Container found = at(box.store(), "quartz");
  CHECK(found.id == made.id);
  CHECK(found.image == box.store().images().at("box").image.descriptor.digest);
  CHECK(found.image_name == "box");
  CHECK(found.state == State::created);
  CHECK(found.created == made.created);
  CHECK(found.host_path == made.host_path);
  CHECK(found.wishes.env == wishes.env);
  REQUIRE(found.wishes.volumes.size() == 1);
  CHECK(found.wishes.volumes[0].read_only);
}

TEST_CASE("a given command takes the place of CMD and stands behind ENTRYPOINT") {
  oci::RunConfig run;
  run.entrypoint = {{"entry"}};
  run.cmd = {{"cmd", "1"}};
  Wishes wishes;
  CHECK(command(run, wishes) == std::vector<std::string>{"entry", "cmd", "1"});
  wishes.command = {"mine"};
  CHECK(command(run, wishes) == std::vector<std::string>{"entry", "mine"});
}

TEST_CASE("a given entrypoint drops the image's CMD") {
  oci::RunConfig run;
  run.entrypoint = {{"entry"}};
  run.cmd = {{"cmd"}};
  Wishes wishes;
  wishes.entrypoint = {{"other"}};
  CHECK(command(run, wishes) == std::vector<std::string>{"other"});
  wishes.command = {"mine"};
  CHECK(command(run, wishes) == std::vector<std::string>{"other", "mine"});
  wishes.entrypoint.emplace();
  CHECK(command(run, wishes) == std::vector<std::string>{"mine"});
}

TEST_CASE("an image with nothing to run needs a command") {
  BusyboxStore box({}, {});
  CHECK(kind_of_failure([&] { box.create({}); }) == ErrorKind::usage);
  CHECK(list(box.store()).empty());
}

TEST_CASE("a name is given once until its container is removed") {
  BusyboxStore box({}, {});
  const Container first = box.create(named("opal"));
  CHECK(kind_of_failure([&] { box.create(named("opal")); }) == ErrorKind::usage);
  CHECK(list(box.store()).size() == 1);
  remove(box.store(), first);
  CHECK(box.create(named("opal")).id != first.id);
}

TEST_CASE("of many who want one name at once one gets it") {
  BusyboxStore box({}, {});
  const std::string path = box.store().host_path();
  std::atomic<int> made = 0;
  std::atomic<int> refused = 0;
  {
    std::vector<std::jthread> creators;
    for (int i = 0; i < 6; ++i)
      creators.emplace_back([&] {
        store::Store store(path);
        try {
          create(store, store.images().at("box"), "box", named("onyx"));
          ++made;
        } catch (const Error& error) {
          if (error.kind() == ErrorKind::usage) ++refused;
        }
      });
  }
  CHECK(made == 1);
  CHECK(refused == 5);
  CHECK(list(box.store()).size() == 1);
}

TEST_CASE("names that are none are refused") {
  BusyboxStore box({}, {});
  for (const char* name : {"a", "-a", "_a", "a b", "a/b", "..", "\xc3\xa4hm", "a\n"})
    CHECK(kind_of_failure([&] { box.create(named(name)); }) == ErrorKind::usage);
  for (const char* name : {"a1", "A.b-c_d", "0x"}) CHECK(box.create(named(name)).name == name);
}

TEST_CASE("a container without a name gets one made up that is no other's") {
  BusyboxStore box({}, {});
  std::set<std::string> names;
  for (int i = 0; i < 20; ++i) names.insert(box.create(named("")).name);
  CHECK(names.size() == 20);
  for (const std::string& name : names) CHECK(name.find('_') != std::string::npos);
}

TEST_CASE("what cannot be is refused before anything is made") {
  BusyboxStore box({}, {});
  const auto refusal = [&](const auto& change) {
    Wishes wishes = named("");
    change(wishes);
    return kind_of_failure([&] { box.create(wishes); });
  };
  CHECK(refusal([](Wishes& w) { w.working_dir = "relative"; }) == ErrorKind::usage);
  CHECK(refusal([](Wishes& w) {
          w.volumes = {{"/no/such/path", "/x", false}};
        }) == ErrorKind::not_found);
  CHECK(refusal([](Wishes& w) { w.volumes = {{"tmp", "/x", false}}; }) == ErrorKind::usage);
  CHECK(refusal([](Wishes& w) { w.volumes = {{"/tmp", "x", false}}; }) == ErrorKind::usage);
  CHECK(refusal([](Wishes& w) { w.command = {"bytes \xff"}; }) == ErrorKind::usage);
  CHECK(box.store().containers().list().empty());
}

TEST_CASE("what a killed creator left is not seen and is cleared away by the next one") {
  BusyboxStore box({}, {});
  const Digest image = box.store().images().at("box").image.descriptor.digest;
  const auto abandoned = box.store().containers().create(image);
  CHECK(list(box.store()).empty());
  box.create(named("next"));
  CHECK(list(box.store()).size() == 1);
  CHECK(!box.store().root().find_stat("containers/" + abandoned.id));
}

TEST_CASE("a container is found by name and by digits of its id") {
  BusyboxStore box({}, {});
  const Container one = box.create(named("granite"));
  CHECK(at(box.store(), "granite").id == one.id);
  CHECK(at(box.store(), one.id).id == one.id);
  CHECK(at(box.store(), one.id.substr(0, 12)).id == one.id);
  try {
    at(box.store(), "granit");
    FAIL("found");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::not_found);
    CHECK(error.message().find("did you mean \"granite\"?") != std::string::npos);
  }
}

TEST_CASE("containers are listed newest first") {
  BusyboxStore box({}, {});
  for (const char* name : {"first", "second", "third"}) box.create(named(name));
  std::vector<std::string> names;
  for (const Container& one : list(box.store())) names.push_back(one.name);
  CHECK(names == std::vector<std::string>{"third", "second", "first"});
}
