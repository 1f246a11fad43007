#include <doctest/doctest.h>

#include <random>

#include "stage.hpp"
#include "strata/base/error.hpp"
#include "strata/base/text.hpp"
#include "text_tree.hpp"

using namespace strata;
using namespace strata::exec;
using sandbox::reason_to_skip;

namespace {

/// The listing without times, which are those of the run.
std::string shape(const Tree& tree) {
  std::vector<Entry> entries(tree.entries().begin(), tree.entries().end());
  for (Entry& entry : entries) {
    entry.mtime = 0;
    entry.size = 0;
  }
  return print_tree(Tree(std::move(entries)));
}

/// The law of layers: what the trees say is what the kernel shows, whether the layers' directories
/// were adopted from the steps or are unpacked from the blobs.
void check_law(Stage& stage) {
  const std::string expected = print_tree(stage.rootfs.view().flatten());
  CHECK(print_tree(mounted_tree(stage)) == expected);
  forget_unpacked(stage);
  CHECK(print_tree(mounted_tree(stage)) == expected);
}

/// What a process finds below /w: attributes, contents and link texts.
constexpr std::string_view list_all =
    "for f in $(find /w /d 2>/dev/null | sort); do busybox stat -c '%n %a %u:%g %F' $f; "
    "if [ -L $f ]; then readlink $f; elif [ -f $f ]; then busybox md5sum < $f; fi; done";

/// Runs a step and looks with its own eyes: what a process of the next step finds has to be what
/// the step's own process saw when it ended.
void check_next_sees_the_same(Stage& stage, const std::string& script) {
  stage.run(cat(script, list_all));
  const std::string seen = stage.output;
  CHECK(seen.size() > 0);
  stage.run(std::string(list_all));
  CHECK(stage.output == seen);
}

Error failure_of(Stage& stage, const plan::RunProcess& process) {
  try {
    stage.run(process);
  } catch (const Error& error) {
    return error;
  }
  return Error(ErrorKind::system, "no error");
}

}  // namespace

TEST_CASE("a step leaves what its process wrote and nothing else") {
  STRATA_NEEDS_SANDBOX();
  Stage stage;
  stage.add_base();
  CHECK(shape(stage.run("echo hello > /etc/greeting; cat /etc/greeting")) ==
        "etc/\netc/greeting\n");
  CHECK(stage.output == "hello\n");
  check_law(stage);
}

TEST_CASE("a step that changes nothing has an empty layer") {
  STRATA_NEEDS_SANDBOX();
  Stage stage;
  stage.add_base();
  CHECK(stage.run("true").empty());
  CHECK(stage.run("true").empty());
  CHECK(stage.run("chmod 600 /etc/passwd; chmod 644 /etc/passwd").empty());
  check_law(stage);
}

TEST_CASE("removals and replacements are in the layer") {
  STRATA_NEEDS_SANDBOX();
  Stage stage;
  stage.add_base();
  stage.run("mkdir -p /d/s /d/t; echo 1 > /d/s/f; echo 2 > /d/g; ln -s g /d/l; echo 3 > /x");
  CHECK(shape(stage.run("rm /x; rm -rf /d; mkdir /d; echo new > /d/n")) ==
        "d/\nd/g !\nd/l !\nd/n\nd/s !\nd/t !\nx !\n");
  check_law(stage);
}

TEST_CASE("five steps on top of each other show what the kernel shows") {
  STRATA_NEEDS_SANDBOX();
  Stage stage;
  stage.add_base();
  for (const char* script :
       {"echo a > /a; mkdir -p /d/s; echo f > /d/s/f; ln /a /a2; ln /a /d/a3; ln -s a /l",
        "rm /a; echo changed > /d/s/f; mkdir /d/t; touch /d/t/x; chmod 4755 /d/a3",
        "rm -rf /d; mkdir -p /d/s/deep; echo new > /d/n; ln /d/n /d/s/n2",
        "mv /d /e; mkdir -p /d/s; touch /d/s/only; chown 1:2 /a2; echo late >> /e/n",
        "rm -rf /e; echo file > /e; rm /l; mkdir /l; touch /l/in; mv /d/s /d/r; rm -rf /tmp"}) {
    stage.run(script);
    CAPTURE(script);
    check_law(stage);
  }
}

TEST_CASE("a layer may be there twice") {
  STRATA_NEEDS_SANDBOX();
  Stage stage;
  stage.add_base();
  stage.engine.epoch = from_unix_seconds(1'500'000'000);
  for (const char* script :
       {"mkdir /d", "echo x > /d/f", "rm /d/f", "echo x > /d/f", "rm /d/f", "echo y > /d/g"}) {
    stage.run(script);
    check_law(stage);
  }
  CHECK(stage.rootfs.layers()[2].diff_id == stage.rootfs.layers()[4].diff_id);
}

TEST_CASE("hard links made by a step are links in its layer") {
  STRATA_NEEDS_SANDBOX();
  Stage stage;
  stage.add_base();
  CHECK(shape(stage.run("mkdir /h; echo x > /h/a; ln /h/a /h/b; ln /etc/passwd /h/p")) ==
        "etc/\netc/passwd\nh/\nh/a\nh/b => h/a\nh/p => etc/passwd\n");
  check_law(stage);
}

TEST_CASE("sockets and the sandbox's own mount points are in no layer") {
  STRATA_NEEDS_SANDBOX();
  Stage stage;
  stage.add_base();
  const Tree& layer = stage.run(
      "mkdir /s; nc -l -U /s/sock & sleep 0.2; test -e /proc/self; touch /dev/shm/x; kill $!; "
      "true");
  CHECK(shape(layer).find("proc") == std::string::npos);
  CHECK(shape(layer).find("dev") == std::string::npos);
  CHECK(shape(layer).find("sock") == std::string::npos);
}

TEST_CASE("a failed process is told as Docker tells it") {
  STRATA_NEEDS_SANDBOX();
  Stage stage;
  stage.add_base();
  const Error error = failure_of(stage, shell("exit 3"));
  CHECK(error.kind() == ErrorKind::step_failed);
  CHECK(error.message() ==
        "process \"/bin/sh -c exit 3\" did not complete successfully: exit code: 3");
  CHECK(failure_of(stage, shell("kill -9 $$")).message().ends_with("exit code: 137"));
  plan::RunProcess absent = shell("");
  absent.argv = {"/bin/absent"};
  CHECK(failure_of(stage, absent).message().ends_with("exit code: 127"));
  CHECK(stage.rootfs.layers().size() == 1);
}

TEST_CASE("user and home and path and working directory are what the image says") {
  STRATA_NEEDS_SANDBOX();
  Stage stage;
  stage.add_base();
  plan::RunProcess process = shell("id -u; id -g; echo $HOME; pwd; env | grep -c SECRET");
  process.user = "ann";
  process.working_dir = "/tmp/made/here";
  process.hidden_env = {"SECRET=1"};
  const Tree& layer = stage.run(process);
  CHECK(stage.output == "1000\n1001\n/home/ann\n/tmp/made/here\n1\n");
  CHECK(shape(layer) == "tmp/ 01777\ntmp/made/\ntmp/made/here/\n");
  process = shell("echo $PATH");
  process.env = {};
  stage.run(process);
  CHECK(stage.output == "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n");
  process.user = "bob";
  CHECK(failure_of(stage, process).kind() == ErrorKind::not_found);
}

TEST_CASE("a script with a first line of its own runs and leaves no trace") {
  STRATA_NEEDS_SANDBOX();
  Stage stage;
  stage.add_base();
  plan::RunProcess process = shell("");
  process.argv = {"/dev/pipes/EOF"};
  process.script = plan::InlineFile{"EOF", "#!/bin/sh\necho from a script > /out\n"};
  CHECK(shape(stage.run(process)) == "out\n");
}

TEST_CASE("an insecure step has all capabilities that the engine has") {
  STRATA_NEEDS_SANDBOX();
  Stage stage;
  stage.add_base();
  plan::RunProcess process = shell("grep CapEff /proc/self/status");
  stage.run(process);
  const std::string usual = stage.output;
  process.security = plan::RunProcess::Security::insecure;
  stage.run(process);
  CHECK(stage.output != usual);
}

TEST_CASE("with an epoch no file of a step is newer") {
  STRATA_NEEDS_SANDBOX();
  Stage stage;
  stage.add_base();
  stage.engine.epoch = from_unix_seconds(1'500'000'000);
  const Rootfs base = stage.rootfs;
  const Tree& layer = stage.run("echo x > /new; touch -d '2001-02-03 04:05:06' /old; mkdir /d");
  for (const Entry& entry : layer.entries()) CHECK(entry.mtime <= 1'500'000'000);
  CHECK(layer.find("old")->mtime < 1'000'000'000);
  check_law(stage);
  // The same again on the same base gives the same bytes.
  const DiffId first = stage.rootfs.layers().back().diff_id;
  stage.rootfs = base;
  stage.run("echo x > /new; touch -d '2001-02-03 04:05:06' /old; mkdir /d");
  CHECK(stage.rootfs.layers().back().diff_id == first);
}

TEST_CASE("the upper directory becomes the unpacked layer") {
  STRATA_NEEDS_SANDBOX();
  Stage stage;
  stage.add_base();
  stage.run("echo x > /f; mkdir /d; touch /d/g");
  const std::string hex = stage.rootfs.layers().back().diff_id.hex();
  CHECK(stage.store->root().find_stat(cat("unpacked/", hex)).has_value());
}

TEST_CASE("a dropped draft leaves nothing behind") {
  STRATA_NEEDS_SANDBOX();
  Stage stage;
  stage.add_base();
  const auto blobs = stage.store->blobs().list();
  stage.prepare(shell("echo x > /f"))->execute({}, {});
  CHECK(stage.store->blobs().list() == blobs);
  CHECK(stage.store->root().list("tmp").empty());
}

TEST_CASE("a step on an empty root finds no program") {
  STRATA_NEEDS_SANDBOX();
  Stage stage;
  CHECK(failure_of(stage, shell("true")).kind() == ErrorKind::step_failed);
}

TEST_CASE("a name that means a removal cannot be in a layer") {
  STRATA_NEEDS_SANDBOX();
  Stage stage;
  stage.add_base();
  const Error error = failure_of(stage, shell("touch /etc/.wh.passwd"));
  CHECK(error.kind() == ErrorKind::step_failed);
  CHECK(error.message().find("/etc/.wh.passwd") != std::string::npos);
}

TEST_CASE("capabilities of files survive a copy-up") {
  STRATA_NEEDS_SANDBOX();
  Stage stage;
  stage.add_base();
  const Tree& layer = stage.run("chmod 700 /bin/tool");
  REQUIRE(layer.find("bin/tool"));
  CHECK(layer.find("bin/tool")->rare->xattrs.size() == 1);
  check_law(stage);
}

TEST_CASE("every ingredient of a step changes its key") {
  STRATA_NEEDS_SANDBOX();
  Stage stage;
  stage.add_base();
  const auto key = [&](const plan::RunProcess& process) {
    return stage.prepare(process)->ingredients().key();
  };
  const plan::RunProcess process = shell("true");
  const CacheKey first = key(process);
  CHECK(key(process) == first);
  std::vector<plan::RunProcess> others(9, process);
  others[0].argv = {"/bin/sh", "-c true"};
  others[1].env.push_back("A=b");
  others[2].env[0] = "PATH=/bin:/sbin";
  others[3].user = "ann";
  others[4].working_dir = "/tmp";
  others[5].network = plan::RunProcess::Network::none;
  others[6].script = plan::InlineFile{"EOF", "#!/bin/sh"};
  others[7].env.push_back("PATH=/bin");
  others[8].security = plan::RunProcess::Security::insecure;
  for (const auto& other : others) CHECK(key(other) != first);
  plan::RunProcess hidden = process;
  hidden.hidden_env = {"http_proxy=x"};
  CHECK(key(hidden) == first);
  stage.run("touch /x");
  CHECK(key(process) != first);
}

namespace {

/// One random deed of a shell among few names, so that deeds meet each other.
std::string random_deed(std::mt19937& random) {
  const auto pick = [&](std::initializer_list<const char*> texts) {
    return std::string(
        texts.begin()[std::uniform_int_distribution<std::size_t>(0, texts.size() - 1)(random)]);
  };
  const auto path = [&] {
    std::string text = cat("/w/", pick({"a", "b", "c"}));
    for (int depth = 0; depth < 2; ++depth)
      if (random() % 2) text += cat("/", pick({"a", "b", "c"}));
    return text;
  };
  const std::string deed = pick({"echo $RANDOM > ", "echo same > ", "mkdir -p ", "mkdir -p ",
                                 "mkdir -p ", "rm -rf ", "rm -rf ", "ln -s /w/a ", "chmod 700 ",
                                 "chown 5:6 ", "ln ", "ln -f ", "mv ", "mv ", "touch "});
  const bool needs_two = deed.starts_with("mv") || deed == "ln " || deed == "ln -f ";
  return cat(deed, path(), needs_two ? cat(" ", path()) : "", "; ");
}

}  // namespace

TEST_CASE("random steps show what the kernel shows") {
  STRATA_NEEDS_SANDBOX();
  for (unsigned seed = 1; seed <= 4; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    Stage stage;
    stage.add_base();
    for (int step = 0; step < 6; ++step) {
      std::string script = "{ mkdir -p /w; ";
      for (int i = 0; i < 16; ++i) script += random_deed(random);
      script += "} 2>/dev/null; ";
      CAPTURE(script);
      check_next_sees_the_same(stage, script);
    }
    check_law(stage);
  }
}

TEST_CASE("a directory made again inside one made again shows nothing of the old ones") {
  STRATA_NEEDS_SANDBOX();
  Stage stage;
  stage.add_base();
  stage.run("mkdir -p /d/s/t; touch /d/s/old /d/s/t/old; ln /d/s/old /d/s/other");
  check_next_sees_the_same(stage, "rm -rf /d; mkdir -p /d/s/t; touch /d/s/t/new; ");
  check_next_sees_the_same(stage, "rm -rf /d/s; mkdir /d/s; echo x > /d/s/t; ");
  check_law(stage);
}
