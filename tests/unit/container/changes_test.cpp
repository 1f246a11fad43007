// What a container did to its files, as `docker diff` tells it.

#include <map>

#include "unit/container/busybox_store.hpp"
#include "unit/container/captured_run.hpp"

using namespace strata;
using namespace strata::container;
using test::BusyboxStore;

namespace {

/// As `docker diff` prints it.
std::string text_of(const std::vector<Change>& changes) {
  constexpr std::string_view letters = "ACD";
  std::string text;
  for (const Change& change : changes)
    text += cat(letters[static_cast<std::size_t>(change.kind)], ' ', change.path, '\n');
  return text;
}

std::string diff_of(const std::string& script, const Wishes& wishes = {}) {
  BusyboxStore box;
  const Container container = box.shell(script, wishes);
  CHECK(test::run_captured(box.store(), container).status.ok());
  return text_of(changes(box.store(), container));
}

}  // namespace

TEST_CASE("a container that wrote nothing has no changes and no size") {
  STRATA_NEEDS_CONTAINERS();
  BusyboxStore box;
  const Container container = box.shell("cat /data/one");
  CHECK(changes(box.store(), container).empty());
  test::run_captured(box.store(), container);
  CHECK(changes(box.store(), container).empty());
  CHECK(writable_size(container) == 0);
}

TEST_CASE("additions and changes and removals are told with the directories above them") {
  STRATA_NEEDS_CONTAINERS();
  CHECK(diff_of("echo new >/data/new; echo more >>/data/one; rm /data/deep/three") ==
        "C /data\nC /data/deep\nD /data/deep/three\nA /data/new\nC /data/one\n");
}

TEST_CASE("a change of mode is a change") {
  STRATA_NEEDS_CONTAINERS();
  CHECK(diff_of("chmod 600 /data/one") == "C /data\nC /data/one\n");
}

TEST_CASE("a removed directory is one removal") {
  STRATA_NEEDS_CONTAINERS();
  CHECK(diff_of("rm -r /data") == "D /data\n");
}

TEST_CASE("a directory that was made anew tells what it no longer has") {
  STRATA_NEEDS_CONTAINERS();
  CHECK(diff_of("rm -r /data; mkdir /data; echo x >/data/one") ==
        "C /data\nD /data/deep\nC /data/one\nD /data/two\n");
}

TEST_CASE("something else in the place of a file is a change") {
  STRATA_NEEDS_CONTAINERS();
  CHECK(diff_of("rm /data/one; mkdir /data/one; touch /data/one/inside") ==
        "C /data\nC /data/one\nA /data/one/inside\n");
}

TEST_CASE("mount points of the sandbox and of volumes leave no trace") {
  STRATA_NEEDS_CONTAINERS();
  const test::ScratchDirectory host;
  Wishes wishes;
  wishes.volumes = {{host.path(), "/data/deep/volume", false}};
  CHECK(
      diff_of("echo x >/data/deep/volume/file; cat /etc/hosts /etc/resolv.conf >/dev/null", wishes)
          .empty());
  CHECK(host.read("file") == "x\n");
}

TEST_CASE("a working directory that was made is an addition") {
  STRATA_NEEDS_CONTAINERS();
  Wishes wishes;
  wishes.working_dir = "/home/new/here";
  CHECK(diff_of("true", wishes) == "C /home\nA /home/new\nA /home/new/here\n");
}

TEST_CASE("the size of a container is that of the files it wrote") {
  STRATA_NEEDS_CONTAINERS();
  BusyboxStore box;
  const Container container = box.shell("echo 12345 >/a; echo 123 >/tmp/b; rm /data/one; mkdir /d");
  test::run_captured(box.store(), container);
  CHECK(writable_size(container) == 10);
  remove(box.store(), container);
  CHECK(writable_size(container) == 0);
}
