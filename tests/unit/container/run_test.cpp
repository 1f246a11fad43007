#include <signal.h>
#include <sys/stat.h>

#include <chrono>
#include <thread>

#include "strata/base/error.hpp"
#include "unit/container/busybox_store.hpp"
#include "unit/container/captured_run.hpp"

using namespace strata;
using namespace strata::container;
using namespace std::chrono_literals;
using test::BusyboxStore;
using test::Input;
using test::run_captured;

namespace {

std::string output_of(BusyboxStore& box, const std::string& script, const Wishes& wishes = {}) {
  const auto captured = run_captured(box.store(), box.shell(script, wishes));
  INFO(captured.err);
  CHECK(captured.status.ok());
  return captured.out;
}

ErrorKind kind_of_failure(BusyboxStore& box, const Container& container) {
  try {
    run_captured(box.store(), container);
  } catch (const Error& error) {
    return error.kind();
  }
  return ErrorKind::step_failed;  // which no run throws
}

/// Paths, modes, sizes, times and text of everything below a directory.
std::string picture_of(const std::string& directory) {
  std::string picture;
  for (const auto& entry : test::fs::recursive_directory_iterator(directory)) {
    struct stat info {};
    lstat(entry.path().c_str(), &info);
    picture += cat(entry.path().string(), ' ', info.st_mode, ' ', info.st_uid, ' ', info.st_size,
                   ' ', info.st_mtim.tv_sec, '\n');
    if (entry.is_regular_file() && !entry.is_symlink())
      picture += to_string(Digest::of(test::read_text(entry.path())));
  }
  return picture;
}

}  // namespace

TEST_CASE("a container's output goes to the streams it was written to") {
  STRATA_NEEDS_CONTAINERS();
  BusyboxStore box;
  const auto captured = run_captured(box.store(), box.shell("echo out; echo err >&2; exit 7"));
  CHECK(captured.out == "out\n");
  CHECK(captured.err == "err\n");
  CHECK(captured.status.code == 7);
}

TEST_CASE("how a container ended stands in its record") {
  STRATA_NEEDS_CONTAINERS();
  BusyboxStore box;
  const Container made = box.shell("exit 42");
  CHECK(at(box.store(), made.name).state == State::created);
  run_captured(box.store(), made);
  const Container ended = at(box.store(), made.name);
  CHECK(ended.state == State::exited);
  CHECK(ended.exit_code == 42);
  REQUIRE(ended.started.has_value());
  REQUIRE(ended.finished.has_value());
  CHECK(*ended.started <= *ended.finished);
}

TEST_CASE("a program that is not there gives 127 and one that cannot be run 126") {
  STRATA_NEEDS_CONTAINERS();
  BusyboxStore box;
  Wishes wishes;
  wishes.command = {"no-such-program"};
  CHECK(run_captured(box.store(), box.create(wishes)).status.code == 127);
  wishes.command = {"/data/one"};
  CHECK(run_captured(box.store(), box.create(wishes)).status.code == 126);
}

TEST_CASE("containers of one image do not see each other's writes and the image stays as it is") {
  STRATA_NEEDS_CONTAINERS();
  BusyboxStore box;
  output_of(box, "true");
  const std::string unpacked = box.store().host_path() + "/unpacked";
  const std::string blobs = box.store().host_path() + "/blobs";
  const std::string before = picture_of(unpacked) + picture_of(blobs);
  output_of(box,
            "echo mine >/data/one; rm -r /data/deep; touch /new; chmod 700 /data; mv /etc/group "
            "/etc/g; dd if=/dev/zero of=/bin/busybox bs=1 count=1 seek=100 conv=notrunc 2>/dev/null"
            "; true");
  CHECK(output_of(box, "cat /data/one /data/deep/three; ls / | head -1; test -e /new || echo no") ==
        "one\nthree\nbin\nno\n");
  CHECK(picture_of(unpacked) + picture_of(blobs) == before);
}

TEST_CASE("the environment is the image's with the wishes over it and Docker's own below") {
  STRATA_NEEDS_CONTAINERS();
  oci::RunConfig run;
  run.env = {"A=image", "B=image"};
  BusyboxStore box(run);
  Wishes wishes;
  wishes.env = {"B=wish", "C=x=y"};
  wishes.hostname = "here";
  wishes.command = {"env"};
  CHECK(run_captured(box.store(), box.create(wishes)).out ==
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"
        "HOSTNAME=here\nA=image\nB=wish\nC=x=y\nHOME=/root\n");
}

TEST_CASE("the host name is the first digits of the id unless one is wished for") {
  STRATA_NEEDS_CONTAINERS();
  BusyboxStore box;
  const Container container = box.shell("hostname");
  CHECK(run_captured(box.store(), container).out == container.id.substr(0, 12) + "\n");
  Wishes wishes;
  wishes.hostname = "granite";
  CHECK(output_of(box, "hostname", wishes) == "granite\n");
}

TEST_CASE("a user is looked up in the image with groups and home") {
  STRATA_NEEDS_CONTAINERS();
  BusyboxStore box;
  Wishes wishes;
  wishes.user = "web";
  CHECK(output_of(box, "id -u; id -g; id -G; echo $HOME", wishes) ==
        "1000\n1000\n1000 2000\n/home/web\n");
  wishes.user = "77:88";
  CHECK(output_of(box, "id -u; id -g; echo $HOME", wishes) == "77\n88\n/\n");
}

TEST_CASE("a user that the image does not know is an error and leaves an exited container") {
  STRATA_NEEDS_CONTAINERS();
  BusyboxStore box;
  Wishes wishes;
  wishes.user = "nobody-here";
  const Container container = box.shell("true", wishes);
  CHECK(kind_of_failure(box, container) == ErrorKind::not_found);
  const Container after = at(box.store(), container.id);
  CHECK(after.state == State::exited);
  CHECK(!after.exit_code.has_value());
}

TEST_CASE("the working directory is the wish or the image's and is made if it is missing") {
  STRATA_NEEDS_CONTAINERS();
  oci::RunConfig run;
  run.working_dir = "/data";
  BusyboxStore box(run);
  CHECK(output_of(box, "pwd; ls") == "/data\ndeep\none\ntwo\n");
  Wishes wishes;
  wishes.working_dir = "/data/not/yet";
  CHECK(output_of(box, "pwd; ls /data", wishes) == "/data/not/yet\ndeep\nnot\none\ntwo\n");
}

TEST_CASE("volumes show the host's files and only writable ones can be written") {
  STRATA_NEEDS_CONTAINERS();
  BusyboxStore box;
  const std::string out = box.make_out();
  box.scratch().write("in/file", "from the host\n");
  Wishes wishes;
  wishes.volumes = {{box.scratch().path() + "/in", "/in", true},
                    {out, "/data/out", false},
                    {box.scratch().path() + "/in/file", "/etc/one-file", true}};
  CHECK(output_of(box,
                  "cat /in/file /etc/one-file; echo x 2>/dev/null >/in/file || echo refused; "
                  "echo written >/data/out/file",
                  wishes) == "from the host\nfrom the host\nrefused\n");
  CHECK(box.scratch().read("in/file") == "from the host\n");
  CHECK(box.scratch().read("out/file") == "written\n");
}

TEST_CASE("standard input is passed in only if asked for") {
  STRATA_NEEDS_CONTAINERS();
  BusyboxStore box;
  const std::string text(300'000, 'x');
  CHECK(run_captured(box.store(), box.shell("cat"), Input::passed, text).out == text);
  CHECK(run_captured(box.store(), box.shell("cat"), Input::none, text).out.empty());
}

TEST_CASE("a process that leaves its input unread ends all the same") {
  STRATA_NEEDS_CONTAINERS();
  BusyboxStore box;
  const std::string text(300'000, 'x');
  CHECK(run_captured(box.store(), box.shell("exit 3"), Input::passed, text).status.code == 3);
  Pipe silent = make_pipe();
  const test::Redirection to_in(STDIN_FILENO, silent.read_end.get());
  sandbox::Sandbox sandbox;
  CHECK(container::run(box.store(), sandbox, box.shell("exit 4"), true, {}).code == 4);
}

TEST_CASE("a stop interrupts the process which may end in its own way") {
  STRATA_NEEDS_CONTAINERS();
  BusyboxStore box;
  Wishes wishes;
  wishes.volumes = {{box.make_out(), "/out", false}};
  const Container container = box.shell(
      "trap 'echo caught; exit 5' INT; touch /out/ready; while :; do sleep 0.05; done", wishes);
  std::stop_source stop;
  const std::jthread stopper([&](const std::stop_token& is_over) {
    while (!is_over.stop_requested() && !box.scratch().root().find_stat("out/ready"))
      std::this_thread::sleep_for(20ms);
    stop.request_stop();
  });
  const auto captured = run_captured(box.store(), container, Input::none, {}, stop.get_token());
  CHECK(captured.out == "caught\n");
  CHECK(captured.status.code == 5);
  CHECK(at(box.store(), container.id).exit_code == 5);
}

TEST_CASE("a stop before the start starts nothing") {
  STRATA_NEEDS_CONTAINERS();
  BusyboxStore box;
  std::stop_source stop;
  stop.request_stop();
  const Container container = box.shell("touch /made");
  CHECK_THROWS_AS(run_captured(box.store(), container, Input::none, {}, stop.get_token()), Error);
  CHECK(changes(box.store(), container).empty());
  CHECK(at(box.store(), container.id).state == State::exited);
}

TEST_CASE("a container runs once") {
  STRATA_NEEDS_CONTAINERS();
  BusyboxStore box;
  const Container container = box.shell("true");
  run_captured(box.store(), container);
  CHECK(kind_of_failure(box, container) == ErrorKind::usage);
  remove(box.store(), container);
  CHECK(kind_of_failure(box, container) == ErrorKind::not_found);
}

TEST_CASE("an image without layers shows its volumes and the sandbox's own files") {
  STRATA_NEEDS_CONTAINERS();
  BusyboxStore box({}, {});
  Wishes wishes;
  wishes.command = {"/bin/busybox", "cat", "/etc/hosts"};
  wishes.volumes = {{"/bin/busybox", "/bin/busybox", true}};
  const auto captured = run_captured(box.store(), box.create(wishes));
  CHECK(captured.status.ok());
  CHECK(captured.out.find("localhost") != std::string::npos);
}

TEST_CASE("a container outlives the name of its image") {
  STRATA_NEEDS_CONTAINERS();
  BusyboxStore box;
  const Container container = box.shell("cat /data/one");
  box.store().images().remove("box", store::Images::Force::no);
  CHECK(run_captured(box.store(), container).out == "one\n");
  CHECK(changes(box.store(), container).empty());
}
