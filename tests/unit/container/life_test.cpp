// Containers whose engine is another process.

#include <chrono>
#include <functional>
#include <thread>

#include "strata/base/error.hpp"
#include "unit/container/busybox_store.hpp"
#include "unit/container/other_engine.hpp"

using namespace strata;
using namespace strata::container;
using namespace std::chrono_literals;
using test::BusyboxStore;

namespace {

bool comes_true(const std::function<bool()>& condition) {
  for (int i = 0; i < 200; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(50ms);
  }
  return false;
}

}  // namespace

TEST_CASE("a container runs as long as its engine lives") {
  STRATA_NEEDS_CONTAINERS();
  BusyboxStore box;
  Wishes wishes;
  wishes.volumes = {{box.make_out(), "/out", false}};
  const Container container = box.shell("while :; do touch /out/alive; sleep 0.05; done", wishes);
  test::OtherEngine engine(box.store().host_path(), container, test::Interactive::no);
  const auto is_alive = [&] { return box.scratch().root().find_stat("out/alive").has_value(); };
  REQUIRE(comes_true(is_alive));

  SUBCASE("and is seen running by others") {
    const Container seen = at(box.store(), container.id);
    CHECK(seen.state == State::running);
    CHECK(seen.runner == engine.pid());
    CHECK(!seen.exit_code.has_value());
    CHECK(list(box.store()).size() == 1);
  }
  SUBCASE("and can neither be removed nor run again") {
    CHECK_THROWS_AS(remove(box.store(), container), Error);
    sandbox::Sandbox sandbox;
    CHECK_THROWS_AS(run(box.store(), sandbox, container, false, {}), Error);
  }
  SUBCASE("and its changes can be looked at") { CHECK(changes(box.store(), container).empty()); }
  SUBCASE("and has exited without a code when its engine is killed") {
    engine.kill_now();
    REQUIRE(comes_true([&] { return at(box.store(), container.id).state == State::exited; }));
    CHECK(!at(box.store(), container.id).exit_code.has_value());
    // The kernel ends what is inside a moment later.
    CHECK(comes_true([&] {
      box.scratch().root().remove("out/alive");
      std::this_thread::sleep_for(300ms);
      return !is_alive();
    }));
    remove(box.store(), container);
    CHECK(list(box.store()).empty());
  }
}
