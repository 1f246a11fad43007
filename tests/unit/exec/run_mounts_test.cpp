// RUN --mount as steps on a real store: what processes see, what stays of it, and what is in keys.

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "stage.hpp"
#include "strata/base/error.hpp"
#include "strata/base/file.hpp"
#include "strata/base/text.hpp"
#include "strata/context/directory.hpp"
#include "text_tree.hpp"

using namespace strata;
using namespace strata::exec;
using sandbox::reason_to_skip;
namespace fs = std::filesystem;

namespace {

template <class Kind>
plan::Mount mount_on(const std::string& target, Kind kind) {
  return {target, std::move(kind)};
}

plan::BindMount bind_of(const std::string& source, plan::Origin origin = plan::FromContext{}) {
  return {std::move(origin), source, true};
}

plan::BindMount writable(plan::BindMount bind) {
  bind.read_only = false;
  return bind;
}

plan::CacheMount cache_of(const std::string& id) {
  plan::CacheMount cache;
  cache.id = id;
  return cache;
}

plan::SecretMount secret_of(const std::string& id, const std::string& variable = {}) {
  plan::SecretMount secret;
  secret.id = id;
  secret.variable = variable;
  return secret;
}

/// A stage on busybox with a context of a few files, one of them ignored.
struct Fixture {
  store::TemporaryDirectory directory;
  Stage stage;

  Fixture() {
    put("file", "text\n");
    put("src/a.c", "int a;\n");
    put("src/deep/b.c", "int b;\n");
    put("src/hidden.log", "not for you\n");
    fs::create_symlink("src/deep", path("link"));
    fs::create_symlink("/src/a.c", path("absolute"));
    fs::create_symlink("../../../../etc/passwd", path("out"));
    stage.add_base();
    open_context();
  }

  std::string path(const std::string& name) const { return directory / name; }

  void put(const std::string& name, std::string_view text) const {
    fs::create_directories(fs::path(path(name)).parent_path());
    std::ofstream(path(name)) << text;
  }

  void open_context() {
    context::DirectoryOptions options;
    options.ignore = dockerfile::IgnoreRules::parse("**/*.log\n", ".dockerignore");
    options.ignore_name = ".dockerignore";
    stage.context = context::open_directory(Root::open(directory.path()), options, stage.pool);
  }

  /// What the script writes to its output, with these mounts. The step's layer must stay empty.
  std::string output(const std::string& script, std::vector<plan::Mount> mounts) {
    CHECK(print_tree(stage.run(process(script, std::move(mounts)))).empty());
    return stage.output;
  }

  static plan::RunProcess process(const std::string& script, std::vector<plan::Mount> mounts) {
    plan::RunProcess process = shell(script);
    process.mounts = std::move(mounts);
    return process;
  }

  CacheKey key(std::vector<plan::Mount> mounts) {
    return stage.prepare(process("true", std::move(mounts)))->ingredients().key();
  }

  Error failure(const std::string& script, std::vector<plan::Mount> mounts) {
    try {
      stage.run(process(script, std::move(mounts)));
    } catch (const Error& error) {
      return error;
    }
    return Error(ErrorKind::system, "no error");
  }

  std::size_t caches() const { return stage.store.store.root().list("mounts").size(); }
};

}  // namespace

TEST_CASE("a bind of the context shows what the ignore rules leave and belongs to root") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  fs::permissions(f.path("src/a.c"), fs::perms(0640));
  f.open_context();
  CHECK(f.output("cd /m; find . | sort; stat -c '%a %u:%g' src/a.c; cat link/b.c absolute || true",
                 {mount_on("/m", bind_of(""))}) ==
        ".\n./absolute\n./file\n./link\n./out\n./src\n./src/a.c\n./src/deep\n./src/deep/b.c\n"
        "640 0:0\nint b;\ncat: can't open 'absolute': No such file or directory\n");
}

TEST_CASE("a bind cannot be written unless it says so and then what is written is dropped") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  CHECK(f.output("echo x > /m/new || echo no; echo x > /m/file || echo no",
                 {mount_on("/m", bind_of(""))})
            .find("no\n") != std::string::npos);
  CHECK(f.output("cd /m; echo x > new; echo y > file; rm -r src; cat new file; ls",
                 {mount_on("/m", writable(bind_of("")))}) ==
        "x\ny\nabsolute\nfile\nlink\nnew\nout\n");
  CHECK(read_host_file(f.path("file"), 100) == "text\n");
  CHECK(!fs::exists(f.path("new")));
  CHECK(f.output("cat /m/file; ls /m/src", {mount_on("/m", writable(bind_of("")))}) ==
        "text\na.c\ndeep\n");
}

TEST_CASE("the source of a bind is a file or a directory and never leaves its place") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  CHECK(f.output("cat /x/y", {mount_on("/x/y", bind_of("file"))}) == "text\n");
  CHECK(f.output("cat /x", {mount_on("/x", bind_of("absolute"))}) == "int a;\n");
  CHECK(f.output("ls /x", {mount_on("/x", bind_of("link"))}) == "b.c\n");
  CHECK(f.output("cat /d/a.c /e/b.c", {mount_on("/d", bind_of("src")),
                                       mount_on("/e", bind_of("src/deep"))}) == "int a;\nint b;\n");
  const Error out = f.failure("true", {mount_on("/x", bind_of("out"))});
  CHECK(out.kind() == ErrorKind::not_found);
}

TEST_CASE("a source that is not there or is ignored is said with its mount") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  const std::string missing = f.failure("true", {mount_on("/x", bind_of("src/a.d"))}).what();
  CHECK(missing.find("\"src/a.d\" is not in the build context") != std::string::npos);
  CHECK(missing.find("mounted on \"/x\"") != std::string::npos);
  CHECK(missing.find("did you mean \"src/a.c\"?") != std::string::npos);
  const std::string ignored = f.failure("true", {mount_on("/x", bind_of("src/hidden.log"))}).what();
  CHECK(ignored.find("excluded by pattern") != std::string::npos);
}

TEST_CASE("a bind of a stage shows its layers laid over each other") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  const Rootfs base = f.stage.rootfs;
  f.stage.run("mkdir -p /s/d; echo 1 > /s/one; echo 2 > /s/two; chown 5:6 /s/one; chmod 700 /s");
  f.stage.run("rm /s/two; echo 3 > /s/d/three; ln -s /s/one /s/to; ln -s /etc/hosts /s/host");
  f.stage.others = {f.stage.rootfs};
  f.stage.rootfs = base;
  const plan::FromStage other{0};
  CHECK(f.output("cd /m; ls -A; stat -c '%a %u:%g' . one; cat d/three",
                 {mount_on("/m", bind_of("s", other))}) ==
        "d\nhost\none\nto\n700 0:0\n644 5:6\n3\n");
  CHECK(f.output("cat /f", {mount_on("/f", bind_of("s/to", other))}) == "1\n");
  CHECK(f.output("ls /m/s; rm -r /m/s; ls -d /m/s 2>/dev/null; ls /m/bin/sh",
                 {mount_on("/m", writable(bind_of("", other)))}) ==
        "d\nhost\none\nto\n/m/bin/sh\n");
  CHECK(f.output("ls /m/s", {mount_on("/m", bind_of("", other))}) == "d\nhost\none\nto\n");
  const Error host = f.failure("true", {mount_on("/m", bind_of("s/host", other))});
  CHECK(host.kind() == ErrorKind::not_found);
}

TEST_CASE("an empty stage can be mounted") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  f.stage.others = {Rootfs{}};
  CHECK(f.output("ls -A /m; echo end", {mount_on("/m", bind_of("", plan::FromStage{0}))}) ==
        "end\n");
  CHECK(f.output("echo x > /m/x; ls /m",
                 {mount_on("/m", writable(bind_of("", plan::FromStage{0})))}) == "x\n");
}

TEST_CASE("what a bind shows is in the key and its times and neighbours are not") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  const auto key = [&](const std::string& source) {
    f.open_context();
    return f.key({mount_on("/m", bind_of(source))});
  };
  const CacheKey first = key("src");
  fs::last_write_time(f.path("src/a.c"), fs::file_time_type::clock::now() - std::chrono::hours(99));
  f.put("file", "other\n");
  f.put("src/hidden.log", "other\n");
  CHECK(key("src") == first);
  f.put("src/a.c", "int b;\n");
  const CacheKey second = key("src");
  CHECK(second != first);
  fs::permissions(f.path("src/a.c"), fs::perms(0700));
  CHECK(key("src") != second);
  CHECK(key("src/deep") == key("link"));
}

TEST_CASE("everything that is said of a mount changes the key but for names of what it keeps") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  const auto key = [&](plan::Mount mount) { return f.key({std::move(mount)}); };
  const CacheKey bind = key(mount_on("/m", bind_of("")));
  CHECK(key(mount_on("/n", bind_of(""))) != bind);
  CHECK(key(mount_on("/m", writable(bind_of("")))) != bind);
  CHECK(key(mount_on("/m", bind_of("file"))) != bind);

  const CacheKey cache = key(mount_on("/m", cache_of("//a")));
  plan::CacheMount other = cache_of("//b");
  other.sharing = plan::CacheMount::Sharing::locked;
  CHECK(key(mount_on("/m", other)) == cache);
  other.read_only = true;
  CHECK(key(mount_on("/m", other)) != cache);
  other = cache_of("//a");
  other.origin = plan::FromContext{};
  const CacheKey filled = key(mount_on("/m", other));
  CHECK(filled != cache);
  other.source = "src";
  CHECK(key(mount_on("/m", other)) != filled);

  const CacheKey secret = key(mount_on("/m", secret_of("s")));
  CHECK(key(mount_on("/m", secret_of("t"))) != secret);
  CHECK(key(mount_on("/m", secret_of("s", "S"))) != secret);
  f.stage.engine.offers.secrets["s"] = "value";
  CHECK(key(mount_on("/m", secret_of("s"))) == secret);

  CHECK(key(mount_on("/m", plan::TmpfsMount{1, false})) !=
        key(mount_on("/m", plan::TmpfsMount{2, false})));
  CHECK(key(mount_on("/m", plan::AgentMount{"a"})) != key(mount_on("/m", plan::AgentMount{"b"})));
}

TEST_CASE("a step that is only prepared writes nothing") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  f.key({mount_on("/m", bind_of("")), mount_on("/n", cache_of("//a"))});
  CHECK(f.stage.store->root().list("tmp").empty());
  CHECK(f.caches() == 0);
}

TEST_CASE("a cache outlives its step and is in no layer") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  CHECK(f.output("stat -c '%a %u:%g' /c; echo kept > /c/file", {mount_on("/c", cache_of("//c"))}) ==
        "755 0:0\n");
  CHECK(f.output("cat /other/file", {mount_on("/other", cache_of("//c"))}) == "kept\n");
  CHECK(f.output("ls /c", {mount_on("/c", cache_of("//d"))}).empty());
  CHECK(f.output("ls /c", {mount_on("/c", cache_of("ns/c"))}).empty());
  plan::CacheMount read_only = cache_of("//c");
  read_only.read_only = true;
  CHECK(f.output("cat /c/file; echo x > /c/x || true", {mount_on("/c", read_only)})
            .starts_with("kept\n"));
  CHECK(f.caches() == 3);
  CHECK(f.stage.store->cache_mounts().list().front().name == "/c");
}

TEST_CASE("a cache may be mounted twice and has the owner that it asks for") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  plan::CacheMount cache = cache_of("//c");
  cache.sharing = plan::CacheMount::Sharing::locked;
  CHECK(f.output("echo x > /a/f; cat /b/f", {mount_on("/a", cache), mount_on("/b", cache)}) ==
        "x\n");
  cache.mode = 01770;
  cache.uid = 1000;
  cache.gid = 1001;
  CHECK(f.output("stat -c '%a %u:%g' /c; ls /c", {mount_on("/c", cache)}) == "1770 1000:1001\n");
}

TEST_CASE("a cache begins with what it is filled from") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  f.stage.run("mkdir -p /s/sub; echo 1 > /s/one; chown 5:6 /s /s/one; ln /s/one /s/sub/link");
  f.stage.others = {f.stage.rootfs};
  plan::CacheMount cache = cache_of("//c");
  cache.origin = plan::FromStage{0};
  cache.source = "s";
  CHECK(f.output("cd /c; stat -c '%u:%g' . one; cat sub/link; echo 2 > one",
                 {mount_on("/c", cache)}) == "5:6\n5:6\n1\n");
  CHECK(f.output("cat /c/one", {mount_on("/c", cache)}) == "2\n");
  cache.source = "s/one";
  CHECK(std::string(f.failure("true", {mount_on("/c", cache)}).what()).find("is a file") !=
        std::string::npos);
}

TEST_CASE("a part of a cache is a directory inside it whatever its links say") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  f.output("mkdir -p /c/in/side; ln -s /in /c/link; ln -s ../../../.. /c/up",
           {mount_on("/c", cache_of("//c"))});
  plan::CacheMount part = cache_of("//c");
  part.source = "link";
  CHECK(f.output("ls /c", {mount_on("/c", part)}) == "side\n");
  part.source = "up";
  CHECK(f.output("ls /c", {mount_on("/c", part)}) == "in\nlink\nup\n");
  part.source = "absent";
  CHECK(f.failure("true", {mount_on("/c", part)}).kind() == ErrorKind::not_found);
}

TEST_CASE("a locked cache lets one step work after the other and says so") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  plan::CacheMount cache = cache_of("//c");
  cache.sharing = plan::CacheMount::Sharing::locked;
  f.output("true", {mount_on("/c", cache)});
  const auto id = f.stage.store->cache_mounts().list().front().id;
  std::optional<store::HeldCacheMount> held =
      f.stage.store->cache_mounts().hold({id, "/c", store::CacheSharing::locked, {}, {}}, {});
  std::jthread release([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    held.reset();
  });
  const std::string said = f.output("echo mine", {mount_on("/c", cache)});
  CHECK(said == "waiting for the cache mount \"/c\", which another step is working with\nmine\n");
}

TEST_CASE("a tmpfs is empty each time") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  for (int i = 0; i < 2; ++i)
    CHECK(f.output("ls /etc; echo x > /etc/y; grep ' /etc ' /proc/mounts",
                   {mount_on("/etc", plan::TmpfsMount{1 << 20, false})})
              .find("size=1024k") != std::string::npos);
}

TEST_CASE("an inner mount lies in the outer one") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  CHECK(f.output("ls /a; cat /a/f; ls /a/c",
                 {mount_on("/a", writable(bind_of("src"))), mount_on("/a/c", cache_of("//c")),
                  mount_on("/a/f", bind_of("file"))}) == "a.c\nc\ndeep\nf\ntext\n");
}

TEST_CASE("a secret is seen by its step and by nothing else") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  const std::string canary = "canary-5fd1c7";
  f.stage.engine.offers.secrets["s"] = canary;
  plan::SecretMount secret = secret_of("s", "TOKEN");
  secret.uid = 1000;
  secret.mode = 0440;
  CHECK(f.output("stat -c '%a %u:%g' /run/secrets/s; test $(cat /run/secrets/s) = $TOKEN && "
                 "echo ${#TOKEN}; echo x > /run/secrets/s || true",
                 {mount_on("/run/secrets/s", secret)})
            .starts_with("440 1000:0\n13\n"));
  CHECK(f.output("ls /run 2>/dev/null; echo ${#TOKEN}", {mount_on("", secret)}) == "13\n");
  const auto operation =
      f.stage.prepare(Fixture::process("x", {mount_on("/run/secrets/s", secret)}));
  for (const auto& [name, value] : operation->ingredients().list())
    CHECK((name + value).find(canary) == std::string::npos);
  const std::string grep = cat("grep -rqa ", canary, " ", f.stage.store.directory.path());
  CHECK(std::system(grep.c_str()) != 0);
}

TEST_CASE("a secret that was not given is not there") {
  STRATA_NEEDS_SANDBOX();
  Fixture f;
  CHECK(f.output("ls /run 2>/dev/null; echo ${TOKEN-unset}",
                 {mount_on("/run/secrets/s", secret_of("s", "TOKEN"))}) == "unset\n");
  f.stage.engine.offers.secrets["s"] = std::string("a\0b", 3);
  CHECK(f.failure("true", {mount_on("", secret_of("s", "TOKEN"))}).kind() == ErrorKind::usage);
}
