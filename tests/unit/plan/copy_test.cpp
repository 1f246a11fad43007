// What COPY and ADD become: origin, sources, destination, owner, mode.

#include <doctest/doctest.h>

#include "unit/plan/plan_fixture.hpp"

namespace strata::plan {

namespace {

using Words = std::vector<std::string>;

CopyFiles copy_of(std::string_view instructions) {
  return last_operation<CopyFiles>(plan_of(cat("FROM busybox\nWORKDIR /w\n", instructions, "\n")));
}

struct DestinationCase {
  const char* written;
  const char* path;
  bool is_directory;
};

}  // namespace

TEST_CASE("a destination is absolute and clean and says whether it must be a directory") {
  const DestinationCase cases[] = {
      {"b", "/w/b", false},        {"b/", "/w/b", true},     {".", "/w", true},
      {"./", "/w", true},          {"..", "/", true},        {"/", "/", true},
      {"/a//b", "/a/b", false},    {"/a/../b/", "/b", true}, {"b/.", "/w/b", true},
      {"../../../x", "/x", false}, {"$NOPE", "/w", true},    {"a.", "/w/a.", false}};
  for (const auto& row : cases) {
    CAPTURE(row.written);
    const auto copy = copy_of(cat("COPY a ", row.written));
    CHECK(copy.destination == row.path);
    CHECK(copy.destination_is_directory == row.is_directory);
  }
}

TEST_CASE("sources are expanded and keep their wildcards") {
  CHECK(copy_of("ENV D=dir\nCOPY $D/*.c a[b]? /x/").sources == Words{"dir/*.c", "a[b]?"});
  CHECK(copy_of("COPY [\"a b\", \"$NOPE c\", \"/x/\"]").sources == Words{"a b", " c"});
}

TEST_CASE("owner and mode are expanded") {
  const auto copy = copy_of("ARG U=app M=0750\nCOPY --chown=$U:1 --chmod=$M a b");
  CHECK(copy.owner == "app:1");
  CHECK(copy.mode == "0750");
  const auto plain = copy_of("COPY --chown=$NOPE a b");
  CHECK_FALSE(plain.owner);
}

TEST_CASE("a mode is up to four octal digits or clauses") {
  for (const char* good : {"0", "644", "0755", "7777", "00000755", "u=rwX,go=rX", "+x", "g=u"}) {
    CHECK(error_of(cat("FROM busybox\nCOPY --chmod=", good, " a b\n")).empty());
  }
  for (const char* bad : {"888", "77777", "rw--x!", "-1", "64a", "u=rw,"}) {
    CHECK(contains(error_of(cat("FROM busybox\nCOPY --chmod=", bad, " a b\n")), "is no mode"));
  }
}

TEST_CASE("a mode is expanded before it is read") {
  CHECK(copy_of("ARG M=u=rwX\nCOPY --chmod=$M,go=rX a b").mode == "u=rwX,go=rX");
}

TEST_CASE("exclusions are kept as written and must be readable") {
  const auto copy = copy_of("ARG P=x\nCOPY --exclude=*.md --exclude=!$P/** a b");
  CHECK(copy.exclude == Words{"*.md", "!$P/**"});
  for (const char* flag : {"--exclude=a[", "--exclude=!"}) {
    CHECK(contains(error_of(cat("FROM busybox\nCOPY ", flag, " a b\n")), "--exclude: "));
  }
  CHECK(copy_of("ADD --exclude=*.md a b").exclude == Words{"*.md"});
}

TEST_CASE("parents are kept when they are asked for") {
  CHECK(copy_of("COPY --parents x/./a b").keep_parents);
  CHECK(copy_of("COPY --parents x/./a b").sources == Words{"x/./a"});
  CHECK_FALSE(copy_of("COPY --parents=false a b").keep_parents);
}

TEST_CASE("heredocs are files with the builder's variables in them") {
  const auto copy = copy_of("ENV A=1\nCOPY <<X y <<-\"Z\" /d/\n$A \"q\" \\$A\nX\n\t$A\nZ");
  CHECK(copy.sources == Words{"y"});
  REQUIRE(copy.inline_files.size() == 2);
  CHECK(copy.inline_files[0].name == "X");
  CHECK(copy.inline_files[0].content == "1 \"q\" $A\n");
  CHECK(copy.inline_files[1].name == "Z");
  CHECK(copy.inline_files[1].content == "$A\n");
}

TEST_CASE("a heredoc whose name is no file name is refused") {
  for (const char* name : {"a/b", "..", "."}) {
    const auto text = cat("FROM busybox\nCOPY <<", name, " /x/\nbody\n", name, "\n");
    CHECK(contains(error_of(text), "must be one that a file can have"));
  }
}

TEST_CASE("COPY keeps archives and ADD unpacks them unless told otherwise") {
  using Archives = CopyFiles::Archives;
  CHECK(copy_of("COPY a.tar /").archives == Archives::keep);
  CHECK(copy_of("ADD a.tar /").archives == Archives::unpack_local);
  CHECK(copy_of("ADD --unpack=true a.tar /").archives == Archives::unpack);
  CHECK(copy_of("ADD --unpack=false a.tar /").archives == Archives::keep);
}

TEST_CASE("COPY takes from a stage by name in any case and by index") {
  const char* text = "FROM busybox AS One\nFROM busybox AS two\nFROM scratch\nCOPY --from=%s a b\n";
  for (const auto& [name, stage] : {std::pair("one", "one"), {"ONE", "one"}, {"1", "two"}}) {
    std::string dockerfile = text;
    dockerfile.replace(dockerfile.find("%s"), 2, name);
    const auto plan = plan_of(dockerfile);
    const auto& copy = last_operation<CopyFiles>(plan);
    REQUIRE(std::holds_alternative<FromStage>(copy.origin));
    CHECK(plan.stages[std::get<FromStage>(copy.origin).stage].name == stage);
  }
}

TEST_CASE("COPY takes from an image when no stage has the name") {
  const auto copy = copy_of("COPY --from=debian a b");
  REQUIRE(std::holds_alternative<FromImage>(copy.origin));
  CHECK(std::get<FromImage>(copy.origin).name == "debian");
  CHECK(std::get<FromImage>(copy.origin).image != nullptr);
}

TEST_CASE("of stages with one name the last before the COPY counts") {
  const auto plan = plan_of(
      "FROM busybox AS x\nENV N=1\nFROM busybox AS x\nENV N=2\nFROM scratch\nCOPY --from=x a b\n"
      "FROM busybox AS x\n",
      [] {
        auto options = fixed_options();
        options.target = "2";
        return options;
      }());
  REQUIRE(plan.stages.size() == 2);
  CHECK(oci::find_env(final_config(plan).env, "N") == std::nullopt);
  CHECK(plan.stages[0].index_in_file == 1);
}

TEST_CASE("ADD from elsewhere is known by its form") {
  for (const char* source : {"http://x/y", "https://x/y.tar.gz"}) {
    const auto add = copy_of(cat("ADD ", source, " /"));
    REQUIRE(add.elsewhere.size() == 1);
    CHECK(std::get<FromUrl>(add.elsewhere.at(0)).url == source);
  }
  for (const char* source : {"https://x/y.git", "https://x/y.git#v1:sub", "git@host:x/y.git",
                             "ssh://git@host/x", "git://host/x"}) {
    const auto add = copy_of(cat("ADD ", source, " /"));
    REQUIRE(add.elsewhere.size() == 1);
    CHECK(std::holds_alternative<FromGit>(add.elsewhere.at(0)));
  }
  for (const char* source : {"a", "x.git", "dir/a@b:c", "http:/x", "a:b", "github.com/a/b"}) {
    CHECK(copy_of(cat("ADD ", source, " /")).elsewhere.empty());
  }
}

TEST_CASE("ADD takes local files and others in the order written") {
  const auto add = copy_of("ADD a http://x/d/b%20c?q git@h:p.git#v1 e /");
  CHECK(add.sources == Words{"a", "http://x/d/b%20c?q", "git@h:p.git#v1", "e"});
  REQUIRE(add.elsewhere.size() == 2);
  CHECK(std::get<FromUrl>(add.elsewhere.at(1)).name == "b c");
  CHECK(std::get<FromGit>(add.elsewhere.at(2)).repository.ref == "v1");
}

TEST_CASE("flags of ADD reach the source they are about") {
  const std::string digest = "sha256:" + std::string(64, 'a');
  const auto file = copy_of(cat("ADD --checksum=", digest, " http://x/y /"));
  CHECK(std::get<FromUrl>(file.elsewhere.at(0)).checksum == Digest::parse(digest));
  const auto from = copy_of("ARG C=ABC\nADD --checksum=$C --keep-git-dir git@h:p.git /");
  const auto& repository = std::get<FromGit>(from.elsewhere.at(0)).repository;
  CHECK(repository.checksum == "abc");
  CHECK(repository.keep_git_dir);
}

TEST_CASE("credentials of a source stay out of everything that is shown") {
  const auto plan = plan_of("FROM busybox\nADD http://me:secret@x/y /z\n");
  const auto& step = plan.target_stage().steps.back();
  CHECK(step.text == "ADD http://xxxxx@x/y /z");
  CHECK(!contains(step.created_by, "secret"));
  CHECK(!contains(to_text(plan) + to_json(plan) + to_dot(plan), "secret"));
}

}  // namespace strata::plan
