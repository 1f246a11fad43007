#include "strata/dockerfile/mount.hpp"

#include <doctest/doctest.h>

#include "strata/base/error.hpp"

namespace strata::dockerfile {
namespace {

MountSpec spec(std::string_view csv) {
  return parse_mount(csv, [](std::string_view value) {
    return value == "$X" ? std::string("expanded") : std::string(value);
  });
}

std::string mistake(std::string_view csv) {
  try {
    spec(csv);
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::dockerfile);
    return error.message();
  }
  return "no error";
}

bool refused(std::string_view csv) { return mistake(csv) != "no error"; }

}  // namespace

TEST_CASE("a mount without type is a bind and read-only") {
  const MountSpec bind = spec("target=/x,source=a,from=stage");
  CHECK(bind.type == MountType::bind);
  CHECK(bind.target == "/x");
  CHECK(bind.source == "a");
  CHECK(bind.from == "stage");
  CHECK(bind.read_only);
}

TEST_CASE("keys have short names") {
  CHECK(spec("dst=/x") == spec("target=/x"));
  CHECK(spec("destination=/x") == spec("target=/x"));
  CHECK(spec("src=a,dst=/x") == spec("source=a,target=/x"));
  CHECK(spec("rw,dst=/x") == spec("readwrite=true,target=/x"));
  CHECK(spec("TARGET=/x") == spec("target=/x"));
}

TEST_CASE("read-only and read-write have the defaults of the type") {
  CHECK(!spec("type=cache,target=/x").read_only);
  CHECK(!spec("type=tmpfs,target=/x").read_only);
  CHECK(spec("type=secret,target=/x").read_only);
  CHECK(spec("type=ssh").read_only);
  CHECK(!spec("type=bind,target=/x,rw").read_only);
  CHECK(spec("type=bind,target=/x,rw=0").read_only);
  CHECK(spec("type=cache,target=/x,ro").read_only);
  CHECK(!spec("type=cache,target=/x,readonly=false").read_only);
}

TEST_CASE("cache mounts have sharing and owner") {
  const MountSpec cache = spec("type=cache,id=c,target=/x,sharing=LOCKED,mode=0700,uid=5,gid=6");
  CHECK(cache.id == "c");
  CHECK(cache.sharing == MountSharing::locked);
  CHECK(cache.mode == 0700u);
  CHECK(cache.uid == 5u);
  CHECK(cache.gid == 6u);
  CHECK(spec("type=cache,target=/x,sharing=private").sharing == MountSharing::private_copy);
}

TEST_CASE("tmpfs mounts have a size") {
  CHECK(spec("type=tmpfs,target=/x,size=100").size == 100u);
  CHECK(spec("type=tmpfs,target=/x,size=64m").size == 64u << 20);
  CHECK(spec("type=tmpfs,target=/x,size=1.5GiB").size == 3u << 29);
  CHECK(spec("type=tmpfs,target=/x,size=2KB").size == 2048u);
  for (const char* size : {"", "x", "-1", "1z", "1kk", "99999999999t"}) {
    CHECK(refused(std::string("type=tmpfs,target=/x,size=") + size));
  }
}

TEST_CASE("secrets need a name and may go to a variable") {
  const MountSpec secret = spec("type=secret,id=s,env=TOKEN,required");
  CHECK(secret.id == "s");
  CHECK(secret.env == "TOKEN");
  CHECK(secret.required);
  CHECK(!spec("type=secret,id=s,required=false").required);
  CHECK(refused("type=secret"));
  CHECK(refused("type=secret,env=X"));
  CHECK(refused("type=secret,id=a,source=b"));
  CHECK(refused("type=secret,id=a,from=b"));
}

TEST_CASE("keys are only for the types that have them") {
  CHECK(mistake("target=/x,required") ==
        "--mount: unexpected key 'required' for mount type 'bind'");
  CHECK(refused("type=bind,target=/x,size=1"));
  CHECK(refused("type=bind,target=/x,mode=0700"));
  CHECK(refused("type=tmpfs,target=/x,uid=0"));
  CHECK(refused("type=ssh,sharing=locked"));
  CHECK(!refused("required,type=ssh"));
}

TEST_CASE("unknown keys and values are refused with a suggestion") {
  CHECK(mistake("targt=/x").find("did you mean target?") != std::string::npos);
  CHECK(mistake("type=chache,target=/x").find("did you mean cache?") != std::string::npos);
  CHECK(mistake("type=cache,target=/x,sharing=share").find("did you mean shared?") !=
        std::string::npos);
  CHECK(refused(""));
  CHECK(refused("target"));
  CHECK(refused("type=cache,target=/x,mode=9"));
  CHECK(refused("type=cache,target=/x,mode="));
  CHECK(refused("type=cache,target=/x,uid=-1"));
  CHECK(refused("type=cache,target=/x,uid=4294967296"));
  CHECK(refused("target=/x,ro=maybe"));
}

TEST_CASE("values are expanded but never where an image is named") {
  CHECK(spec("type=cache,target=$X").target == "expanded");
  CHECK(spec("type=cache,id=$X,target=/x").id == "expanded");
  CHECK(mistake("from=$X,target=/x") ==
        "--mount: 'from' doesn't support variable expansion, define alias stage instead");
  CHECK_THROWS_AS(check_mount("from=a$X,target=/x"), Error);
}

TEST_CASE("without variables a mount is checked whole and with them by its keys") {
  CHECK_THROWS_AS(check_mount("type=cach"), Error);
  CHECK_THROWS_AS(check_mount("target=/x,mode=0700"), Error);
  CHECK_NOTHROW(check_mount("type=$T,target=/x,mode=0700"));
  CHECK_THROWS_AS(check_mount("type=$T,tagret=/x"), Error);
  CHECK_NOTHROW(check_mount("type=secret,id=a"));
}

TEST_CASE("fields may be quoted as in a table") {
  CHECK(spec("\"target=/a,b\",source=x").target == "/a,b");
  CHECK(spec("\"target=/a\"\"b\"").target == "/a\"b");
  CHECK(refused("\"target=/a"));
  CHECK(refused("\"target=/a\"b"));
  CHECK(refused("target=\"/a\""));
}

}  // namespace strata::dockerfile
