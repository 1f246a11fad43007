// RUN --mount, --security and --device: every key, every default, every mistake.

#include <doctest/doctest.h>

#include "strata/base/json.hpp"
#include "unit/plan/plan_fixture.hpp"

namespace strata::plan {

namespace {

RunProcess run_of(std::string_view instructions, const Options& options = fixed_options()) {
  return last_operation<RunProcess>(
      plan_of(cat("FROM debian AS deb\nFROM busybox\n", instructions, "\n"), options));
}

/// The only mount of a RUN with this value of --mount.
Mount mount_of(std::string_view value, std::string_view before = "") {
  const auto run = run_of(cat(before, "\nRUN --mount=", value, " x"));
  REQUIRE(run.mounts.size() == 1);
  return run.mounts.front();
}

template <class Kind>
Kind kind_of(std::string_view value, std::string_view before = "") {
  return std::get<Kind>(mount_of(value, before).kind);
}

std::string mistake_in(std::string_view instruction, const Options& options = fixed_options()) {
  return error_of(cat("FROM busybox\n", instruction, "\n"), options);
}

Options granting(Grants grants) {
  auto options = fixed_options();
  options.grants = std::move(grants);
  return options;
}

}  // namespace

TEST_CASE("a bind mount is read-only and of the whole context unless it says otherwise") {
  const auto bind = kind_of<BindMount>("target=/src");
  CHECK(std::get<FromContext>(bind.origin).name.empty());
  CHECK(bind.source.empty());
  CHECK(bind.read_only);
  CHECK(mount_of("target=/src").target == "/src");
  CHECK(mount_of("type=bind,dst=/a").target == "/a");
  CHECK(mount_of("type=bind,destination=/a/../b/").target == "/b");
  CHECK_FALSE(kind_of<BindMount>("target=/src,rw").read_only);
  CHECK_FALSE(kind_of<BindMount>("target=/src,readwrite=true").read_only);
  CHECK(kind_of<BindMount>("target=/src,rw=false").read_only);
  CHECK_FALSE(kind_of<BindMount>("target=/src,ro=false").read_only);
}

TEST_CASE("the source of a bind mount is clamped to its root") {
  CHECK(kind_of<BindMount>("target=/x,source=/a/./b").source == "a/b");
  CHECK(kind_of<BindMount>("target=/x,src=../../etc").source == "etc");
}

TEST_CASE("a mount takes from stages and images as COPY does") {
  const auto stage = kind_of<BindMount>("target=/x,from=deb").origin;
  CHECK(std::get<FromStage>(stage).stage == 0);
  CHECK(contains(mistake_in("RUN --mount=target=/x,from=0 x"),
                 "no image or earlier stage is called \"0\""));
  const auto image = kind_of<BindMount>("target=/x,from=app").origin;
  CHECK(std::get<FromImage>(image).name == "app");
  CHECK(contains(mistake_in("RUN --mount=target=/x,from=nowhere x"), "\"nowhere\""));
  CHECK(contains(mistake_in("RUN --mount=target=/x,from=$A x"), "doesn't support variable"));
  CHECK(contains(error_of("FROM busybox AS a\nRUN --mount=target=/x,from=b x\nFROM a AS b\n"
                          "FROM a\n"),
                 "begins later"));
}

TEST_CASE("a stage that only a mount takes from is built") {
  const auto plan = plan_of(
      "FROM debian AS used\nRUN a\nFROM debian AS unused\nRUN b\n"
      "FROM busybox\nRUN --mount=from=used,target=/x --mount=type=cache,target=/y x\n");
  REQUIRE(plan.stages.size() == 2);
  CHECK(plan.stages[0].name == "used");
  CHECK(plan.stages[1].needs() == std::vector<std::size_t>{0});
  CHECK(contains(to_dot(plan), "stage_0 -> stage_1"));
  const auto filled =
      plan_of("FROM debian AS used\nFROM busybox\nRUN --mount=type=cache,from=used,target=/y x\n");
  CHECK(filled.stages.back().needs() == std::vector<std::size_t>{0});
}

TEST_CASE("relative targets lie under WORKDIR and the root is none") {
  CHECK(mount_of("target=.", "WORKDIR /w").target == "/w");
  CHECK(mount_of("type=cache,target=c/d", "WORKDIR /w").target == "/w/c/d");
  CHECK(mount_of("type=secret,id=s,target=s", "WORKDIR /w").target == "/w/s");
  CHECK(mount_of("type=bind", "WORKDIR /w").target == "/w");
  for (const char* value : {"type=bind", "target=/", "type=tmpfs,target=/a/..", "type=cache",
                            "type=secret,id=x,target=/"}) {
    CAPTURE(value);
    CHECK(contains(mistake_in(cat("RUN --mount=", value, " x")), "nothing can be mounted on"));
  }
}

TEST_CASE("values of mounts are expanded with arguments and environment") {
  const auto run = run_of("ARG T=/t\nENV S=s\nRUN --mount=target=${T}/x,source=$S,\"id=$S\" x");
  CHECK(run.mounts.front().target == "/t/x");
  CHECK(std::get<BindMount>(run.mounts.front().kind).source == "s");
  CHECK(kind_of<CacheMount>("type=cache,target=/c,id=${N:-none}").id == "/none");
  CHECK(kind_of<TmpfsMount>("type=$T,target=/c", "ARG T=tmpfs").size_max == 0);
}

TEST_CASE("a cache is called by its target as written and lies in a namespace") {
  CHECK(kind_of<CacheMount>("type=cache,target=/c/../d").id == "//d");
  CHECK(kind_of<CacheMount>("type=cache,target=d", "WORKDIR /w").id == "/d");
  CHECK(kind_of<CacheMount>("type=cache,target=/c,id=../x").id == "/../x");
  auto options = fixed_options();
  options.build_args = {{"BUILDKIT_CACHE_MOUNT_NS", "team"}};
  const auto run = run_of("RUN --mount=type=cache,target=/c,id=x x", options);
  CHECK(std::get<CacheMount>(run.mounts.front().kind).id == "team/x");
  CHECK(run.env == std::vector<std::string>{"PATH=/bin"});
}

TEST_CASE("a cache mount has the sharing and the looks that it asks for") {
  using Sharing = CacheMount::Sharing;
  const auto plain = kind_of<CacheMount>("type=cache,target=/c");
  CHECK(plain.sharing == Sharing::shared);
  CHECK_FALSE(plain.read_only);
  CHECK_FALSE(plain.origin);
  CHECK_FALSE(plain.mode);
  CHECK(kind_of<CacheMount>("type=cache,target=/c,sharing=private").sharing ==
        Sharing::private_copy);
  CHECK(kind_of<CacheMount>("type=cache,target=/c,sharing=locked").sharing == Sharing::locked);
  const auto full =
      kind_of<CacheMount>("type=cache,target=/c,from=deb,source=/s,mode=0700,uid=1,gid=2,ro");
  CHECK(std::get<FromStage>(*full.origin).stage == 0);
  CHECK(full.source == "s");
  CHECK(full.mode == 0700u);
  CHECK(full.uid == 1u);
  CHECK(full.gid == 2u);
  CHECK(full.read_only);
}

TEST_CASE("numbers that no owner and no mode can have are refused") {
  CHECK(contains(mistake_in("RUN --mount=type=cache,target=/c,mode=17777 x"), "from 0 to 7777"));
  CHECK(contains(mistake_in("RUN --mount=type=cache,target=/c,uid=4294967295 x"),
                 "4294967295 is no user"));
  CHECK(contains(mistake_in("RUN --mount=type=secret,id=c,gid=2147483648 x"),
                 "2147483648 is no user"));
}

TEST_CASE("a tmpfs has the size it asks for") {
  CHECK(kind_of<TmpfsMount>("type=tmpfs,target=/t").size_max == 0);
  CHECK_FALSE(kind_of<TmpfsMount>("type=tmpfs,target=/t").read_only);
  CHECK(kind_of<TmpfsMount>("type=tmpfs,target=/t,size=64m").size_max == 64u << 20);
  CHECK(kind_of<TmpfsMount>("type=tmpfs,target=/t,ro").read_only);
}

TEST_CASE("a secret is a file under its id unless it says otherwise") {
  const auto plain = mount_of("type=secret,id=a/token");
  const auto secret = std::get<SecretMount>(plain.kind);
  CHECK(plain.target == "/run/secrets/token");
  CHECK(secret.id == "a/token");
  CHECK(secret.variable.empty());
  CHECK_FALSE(secret.required);
  CHECK(secret.mode == 0400);
  const auto looks = kind_of<SecretMount>("type=secret,source=t,uid=3,gid=4,mode=0444,required");
  CHECK(looks.id == "t");
  CHECK(looks.uid == 3);
  CHECK(looks.gid == 4);
  CHECK(looks.mode == 0444);
  CHECK(looks.required);
  CHECK(kind_of<SecretMount>("type=secret,target=/root/.npmrc").id == ".npmrc");
}

TEST_CASE("a secret with a variable is a file only where it names a target") {
  const auto only = mount_of("type=secret,id=t,env=TOKEN");
  CHECK(only.target.empty());
  CHECK(std::get<SecretMount>(only.kind).variable == "TOKEN");
  CHECK(mount_of("type=secret,id=t,env=TOKEN,target=/t").target == "/t");
  CHECK(contains(mistake_in("RUN --mount=type=secret,id=t,env= x"), "is no variable's name"));
}

TEST_CASE("the first agent's socket is announced and a variable of that name wins") {
  const auto run = run_of("RUN --mount=type=ssh,id=b --mount=type=ssh,target=/a.sock x");
  REQUIRE(run.mounts.size() == 2);
  CHECK(run.mounts[0].target == "/a.sock");
  CHECK(std::get<AgentMount>(run.mounts[0].kind).id == "default");
  CHECK(std::get<AgentMount>(run.mounts[0].kind).mode == 0600);
  CHECK(run.mounts[1].target == "/run/buildkit/ssh_agent.0");
  CHECK(run.env.back() == "SSH_AUTH_SOCK=/run/buildkit/ssh_agent.0");
  CHECK(run_of("ENV SSH_AUTH_SOCK=/x\nRUN --mount=type=ssh x").env.back() == "SSH_AUTH_SOCK=/x");
  CHECK(contains(mistake_in("RUN --mount=type=ssh,source=/x x"), "takes no source"));
}

TEST_CASE("mounts come outer before inner however they are written") {
  const auto run = run_of(
      "RUN --mount=type=tmpfs,target=/a/b/c --mount=type=tmpfs,target=/a "
      "--mount=type=tmpfs,target=/a-b --mount=type=tmpfs,target=/a/b x");
  std::vector<std::string> targets;
  for (const auto& mount : run.mounts) targets.push_back(mount.target);
  CHECK(targets == std::vector<std::string>{"/a", "/a/b", "/a/b/c", "/a-b"});
}

TEST_CASE("ONBUILD and heredocs take mounts like any RUN") {
  const auto plan = plan_of(
      "FROM debian AS tool\nFROM busybox AS base\n"
      "ONBUILD RUN --mount=from=tool,target=/x cp /x/a /\nFROM base\n");
  const auto& run = last_operation<RunProcess>(plan);
  REQUIRE(run.mounts.size() == 1);
  CHECK(run.mounts.front().target == "/x");
  const auto heredoc = run_of("RUN --mount=type=cache,target=/c <<EOF\na\nEOF");
  CHECK(heredoc.argv.back() == "a\n");
  CHECK(heredoc.mounts.size() == 1);
}

TEST_CASE("security and devices are taken as they are written") {
  CHECK(run_of("RUN x").security == RunProcess::Security::sandbox);
  CHECK(run_of("RUN --security=insecure x").security == RunProcess::Security::insecure);
  const auto run = run_of("RUN --device=v.com/gpu=0,required --device=name=v.com/gpu x");
  REQUIRE(run.devices.size() == 2);
  CHECK(run.devices[0].name == "v.com/gpu=0");
  CHECK(run.devices[0].required);
  CHECK(run.devices[1].name == "v.com/gpu");
  CHECK_FALSE(run.devices[1].required);
}

TEST_CASE("without grants nothing is checked and with them everything is said at once") {
  const char* file =
      "RUN --mount=type=secret,id=s,required --mount=type=ssh,required --network=host "
      "--security=insecure --device=v.com/gpu=0 x";
  CHECK(mistake_in(file).empty());
  const std::string text = mistake_in(file, granting({}));
  for (const char* part :
       {"the secret \"s\" is required", "--secret id=s,src=FILE", "ssh agent \"default\"",
        "--ssh default", "--network=host is not allowed", "--allow network.host",
        "--allow security.insecure", "--allow device=v.com/gpu=0", "Dockerfile:2"}) {
    CAPTURE(text);
    CHECK(contains(text, part));
  }
  Grants all{{"s"}, {"default"}, true, true, false, {"v.com/gpu=0"}};
  CHECK(mistake_in(file, granting(all)).empty());
  all.devices.clear();
  all.all_devices = true;
  CHECK(mistake_in(file, granting(all)).empty());
}

TEST_CASE("what is not required and a network that the command asks for need no grant") {
  CHECK(mistake_in("RUN --mount=type=secret,id=s --mount=type=ssh x", granting({})).empty());
  auto options = granting({});
  options.network = RunProcess::Network::host;
  CHECK(mistake_in("RUN --network=host x", options).empty());
  CHECK(mistake_in("RUN x", options).empty());
}

TEST_CASE("a grant that a trigger lacks is said with the trigger") {
  const std::string text = error_of(
      "FROM busybox AS b\nONBUILD RUN --mount=type=secret,id=s,required x\nFROM b\n", granting({}));
  CHECK(contains(text, "ONBUILD trigger"));
  CHECK(contains(text, "the secret \"s\" is required"));
}

TEST_CASE("plans show their mounts") {
  const char* file =
      "FROM debian AS deb\nFROM busybox\n"
      "RUN --mount=target=/b --mount=from=deb,source=a,target=/s,rw "
      "--mount=type=cache,target=/c,sharing=locked,from=deb,source=x,ro "
      "--mount=type=tmpfs,target=/t,size=1k --mount=type=secret,id=s,env=S,required "
      "--mount=type=ssh --security=insecure --device=v.com/gpu=0,required x\n";
  const std::string text = to_text(plan_of(file));
  for (const char* part : {
           "mount: \"/b\": bind of \"/\" from context\n",
           "mount: \"/s\": bind of \"/a\" from stage deb, writable\n",
           "mount: \"/c\": cache \"//c\", locked, filled from stage deb, of it \"/x\", read-only\n",
           "mount: \"/t\": tmpfs of 1024 bytes\n",
           "mount: secret \"s\", variable \"S\", required\n",
           "mount: \"/run/buildkit/ssh_agent.0\": ssh agent \"default\"\n",
           "security: insecure\n",
           "device: \"v.com/gpu=0\", required\n",
       }) {
    CAPTURE(part);
    CHECK(contains(text, part));
  }
  const auto plan = parse_json(to_json(plan_of(file)), "plan").as_object();
  const auto& step = plan.at("stages").at(1).at("steps").at(0);
  CHECK(step.at("mounts").as_array().size() == 6);
  CHECK(step.at("mounts").at(0).at("type").as_string() == "secret");
  CHECK_FALSE(step.at("mounts").at(0).as_object().contains("target"));
  CHECK(step.at("mounts").at(1).at("target").as_string() == "/b");
  CHECK(step.at("devices").at(0).at("required").as_bool());
}

}  // namespace strata::plan
