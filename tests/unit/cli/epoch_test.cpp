#include "cli/epoch.hpp"

#include <doctest/doctest.h>

#include <map>

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"
#include "strata/dockerfile/parse.hpp"
#include "unit/no_images.hpp"

using namespace strata;
using namespace strata::cli;

namespace {

/// A place with times and no files.
class TimedPlace : public ContextPlace {
 public:
  std::optional<std::int64_t> commit, files;

  std::optional<std::string> find_text(const std::string&, std::size_t) override { return {}; }
  std::shared_ptr<FileOrigin> open(dockerfile::IgnoreRules, const std::string&) override {
    return nullptr;
  }
  std::int64_t commit_time() override { return of(commit); }
  std::int64_t time() override { return of(commit ? commit : files); }

 private:
  static std::int64_t of(const std::optional<std::int64_t>& time) {
    if (!time) fail(ErrorKind::not_found, "no time");
    return *time;
  }
};

struct FakeSources : EpochSources {
  std::map<std::string, TimedPlace> contexts;
  std::map<std::string, std::int64_t> urls;

  ContextPlace& context(const std::string& name) override { return contexts[name]; }
  std::optional<std::int64_t> time_of(const plan::Origin& remote) override {
    if (std::holds_alternative<plan::FromGit>(remote)) return 77;
    const auto found = urls.find(std::get<plan::FromUrl>(remote).url);
    return found == urls.end() ? std::nullopt : std::optional(found->second);
  }
};

/// A build with an epoch, and what comes of it.
struct Build {
  std::string dockerfile = "FROM scratch\n";
  plan::Options options;
  FakeSources sources;

  explicit Build(const std::string& epoch) { options.build_args["SOURCE_DATE_EPOCH"] = epoch; }

  std::optional<Time> epoch() {
    test::NoImages images;
    return settle_epoch(dockerfile::parse(dockerfile, "Dockerfile"), options, images, sources);
  }
  ErrorKind failure() {
    try {
      epoch();
    } catch (const Error& error) {
      return error.kind();
    }
    return ErrorKind::system;
  }
  std::string argument() const { return options.build_args.at("SOURCE_DATE_EPOCH"); }
};

}  // namespace

TEST_CASE("an epoch is whole seconds that a time can hold") {
  CHECK(parse_epoch("0") == from_unix_seconds(0));
  CHECK(parse_epoch("-1") == from_unix_seconds(-1));
  CHECK(parse_epoch("+7") == from_unix_seconds(7));
  CHECK(parse_epoch("9223372036") == from_unix_seconds(9223372036));
  for (const char* text :
       {"", "+", "1.5", " 1", "1 ", "0x1", "9223372037", "-9223372037", "99999999999999999999"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_epoch(text));
  }
}

TEST_CASE("an epoch that is no time is refused where it was said") {
  CHECK(Build("tomorrow").failure() == ErrorKind::usage);
  Build build("");
  build.options = {};
  build.dockerfile = "ARG SOURCE_DATE_EPOCH=x\nFROM scratch\n";
  CHECK(build.failure() == ErrorKind::dockerfile);
}

TEST_CASE("a context without a time has no epoch unless git is insisted on") {
  Build build("context");
  CHECK_FALSE(build.epoch());
  CHECK(build.argument().empty());
  CHECK(Build("git").failure() == ErrorKind::usage);
}

TEST_CASE("git is the commit of the context and context also the time of other files") {
  for (const char* word : {"git", "context"}) {
    Build build(word);
    build.sources.contexts[""].commit = 5;
    build.sources.contexts[""].files = 6;
    CHECK(build.epoch() == from_unix_seconds(5));
    CHECK(build.argument() == "5");
  }
  Build build("context");
  build.sources.contexts[""].files = 6;
  CHECK(build.epoch() == from_unix_seconds(6));
  Build git("git");
  git.sources.contexts[""].files = 6;
  CHECK(git.failure() == ErrorKind::usage);
}

TEST_CASE("a named context gives its time and goes before our own words") {
  for (const char* name : {"src", "git"}) {
    Build build(name);
    build.options.contexts.add(name, plan::ContextFiles{});
    build.sources.contexts[name].commit = 9;
    CHECK(build.epoch() == from_unix_seconds(9));
  }
  Build build("src");
  build.options.contexts.add("src", plan::ContextFiles{});
  CHECK_FALSE(build.epoch());
  build = Build("src");
  build.options.contexts.add("src", plan::ContextImage{});
  CHECK(build.failure() == ErrorKind::usage);
}

TEST_CASE("a stage of one thing from elsewhere gives its time") {
  Build build("src");
  build.sources.urls["http://h/x"] = 11;
  build.dockerfile = "ARG H=h\nFROM scratch AS src\nADD http://h/x /\nFROM scratch\n";
  CHECK(build.epoch() == from_unix_seconds(11));
  CHECK(build.argument() == "11");
  build.options.build_args["SOURCE_DATE_EPOCH"] = "SRC";
  build.dockerfile = "ARG H=h\nFROM scratch AS src\nARG H\nADD http://$H/x /y\nFROM scratch\n";
  CHECK(build.epoch() == from_unix_seconds(11));
  build = Build("other");
  build.options.contexts.add("other", plan::ContextStage{"src"});
  build.dockerfile = "FROM scratch AS src\nADD https://h/x.git /\nFROM scratch\n";
  CHECK(build.epoch() == from_unix_seconds(77));
}

TEST_CASE("a stage of anything else has no time") {
  for (const char* rest : {"ADD http://h/x /\nADD http://h/x /y", "ADD http://h/x http://h/y /",
                           "COPY a /", "ADD a /", "ADD http://h/unknown /",
                           "ADD http://h/x /\nWORKDIR /w", "RUN x", "ADD http://h/x <<E /\nE"}) {
    CAPTURE(rest);
    Build build("src");
    build.sources.urls["http://h/x"] = 11;
    build.dockerfile = cat("FROM scratch AS src\n", rest, "\nFROM scratch\n");
    CHECK(build.failure() == ErrorKind::usage);
  }
  Build build("src");
  build.sources.urls["http://h/x"] = 11;
  build.dockerfile = "FROM scratch AS a\nFROM a AS src\nADD http://h/x /\nFROM scratch\n";
  CHECK(build.failure() == ErrorKind::usage);
}

TEST_CASE("a time that no image can have is refused") {
  Build build("context");
  build.sources.contexts[""].files = 99'999'999'999;
  CHECK(build.failure() == ErrorKind::usage);
}
