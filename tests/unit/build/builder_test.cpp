#include "strata/build/builder.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>

#include "strata/base/text.hpp"
#include "strata/context/directory.hpp"
#include "strata/dockerfile/parse.hpp"
#include "strata/plan/make_plan.hpp"
#include "unit/no_images.hpp"
#include "unit/scratch_directory.hpp"

namespace strata::build {

namespace {

/// What a build said, in words: "cached COPY a /", "missed COPY a /: reason".
class Journal : public Observer {
 public:
  void on_event(const Event& event) override {
    if (const auto* started = std::get_if<StepStarted>(&event)) texts_[started->id] = started->text;
    if (const auto* cached = std::get_if<StepCached>(&event))
      if (cached->id.number > 1) lines.push_back("cached " + texts_[cached->id]);
    if (const auto* missed = std::get_if<StepMissed>(&event))
      lines.push_back("missed " + texts_[missed->id] + ": " + missed->reasons.front());
    if (const auto* done = std::get_if<StepDone>(&event);
        done && done->result != LayerResult::written)
      lines.push_back((done->result == LayerResult::known ? "known " : "unchanged ") +
                      texts_[done->id]);
    if (const auto* failed = std::get_if<StepFailed>(&event))
      lines.push_back("failed " + texts_[failed->id]);
  }
  bool all_cached() const {
    return std::ranges::all_of(lines, [](const auto& line) { return line.starts_with("cached"); });
  }
  bool has(const std::string& beginning) const {
    return std::ranges::any_of(lines,
                               [&](const auto& line) { return line.starts_with(beginning); });
  }

  std::vector<std::string> lines;

 private:
  std::map<StepId, std::string> texts_;
};

/// A store and a context directory; builds FROM scratch, which needs no process.
class Site {
 public:
  oci::Image build(const std::string& dockerfile, plan::Options plan_options = {},
                   Options options = {}) {
    journal = {};
    const auto file = dockerfile::parse(dockerfile, "Dockerfile");
    test::NoImages images;
    const plan::Plan plan = plan::make_plan(file, plan_options, images);
    options.dockerfile_id = "test";
    exec::Engine engine{store, sandbox, pool, {}, options.epoch, {}};
    const auto open_context = [this](const plan::Origin&,
                                     const build::Opening&) -> std::shared_ptr<FileOrigin> {
      ++opened;
      return context::open_directory(context.root().clone(), {}, pool);
    };
    return build::build(plan, options, open_context, engine, nullptr, journal, {}).image;
  }
  void rewrite(const std::string& path, std::string_view bytes) {
    context.root().remove(path);
    context.write(path, bytes);
  }

  test::ScratchDirectory context;
  Journal journal;
  int opened = 0;  ///< how often a build asked for the context

 private:
  test::ScratchDirectory place_;
  store::Store store{place_.path() + "/store"};
  sandbox::Sandbox sandbox;
  WorkerPool pool{2};
};

constexpr const char* two_copies = "FROM scratch\nCOPY a /a\nENV X=1\nCOPY b /b\nCMD [\"/a\"]\n";

}  // namespace

TEST_CASE("an unchanged rebuild finds every step and gives the same image") {
  Site site;
  site.context.write("a", "1");
  site.context.write("b", "2");
  const auto first = site.build(two_copies);
  CHECK(site.journal.has("missed COPY a /a: this step has not been built before"));
  const auto second = site.build(two_copies);
  CHECK(site.journal.all_cached());
  CHECK(site.journal.lines.size() == 4);
  CHECK(first.descriptor.digest == second.descriptor.digest);
}

TEST_CASE("a changed file is named and only its step and the metadata behind it run") {
  Site site;
  site.context.write("a", "1");
  site.context.write("b", "2");
  site.build(two_copies);
  site.rewrite("a", "changed");
  site.build(two_copies);
  REQUIRE(site.journal.lines.size() == 4);
  CHECK(site.journal.lines[0].starts_with("missed COPY a /a: /a: content"));
  CHECK(site.journal.lines[2] == "cached COPY b /b");
  CHECK(site.journal.lines[3] == "missed CMD [\"/a\"]: the result of \"ENV X=1\" above changed");
}

TEST_CASE("metadata never makes a file step run again") {
  Site site;
  site.context.write("a", "1");
  site.build("FROM scratch\nLABEL v=1\nCOPY a /a\n");
  site.build("FROM scratch\nLABEL v=2\nCOPY a /a\n");
  CHECK(site.journal.has("missed LABEL v=2"));
  CHECK(site.journal.has("cached COPY a /a"));
}

TEST_CASE("a step that gives what it gave before does not disturb the steps behind it") {
  Site site;
  site.context.write("a", "1");
  site.context.write("b", "2");
  site.build("FROM scratch\nCOPY a /a\nCOPY b /a\n");
  site.build("FROM scratch\nCOPY --chown=0 a /a\nCOPY b /a\n");
  CHECK(site.journal.has("missed COPY --chown=0 a /a"));
  CHECK(site.journal.has("unchanged COPY --chown=0 a /a"));
  CHECK(site.journal.has("cached COPY b /a"));
}

TEST_CASE("a layer that another step has left is not written again") {
  Site site;
  site.context.write("a", "1");
  const std::string text =
      "FROM scratch AS one\nCOPY a /a\nFROM scratch\nCOPY --from=one --chmod=644 /a /a\n";
  const oci::Image image = site.build(text);
  CHECK(site.journal.has("known COPY --from=one"));
  CHECK(site.journal.lines.size() == 3);
  site.build(text);
  CHECK(site.journal.all_cached());
  // Written, it is the same.
  plan::Options options;
  options.no_cache = true;
  const oci::Image written = site.build(text, options);
  CHECK_FALSE(site.journal.has("known"));
  CHECK(written.manifest.layers[0].digest == image.manifest.layers[0].digest);
}

TEST_CASE("a layer with other times is not the same layer") {
  Site site;
  site.context.write("a", "1");
  site.context.write("b", "1");
  const timespec long_ago[2] = {{1'000'000'000, 0}, {1'000'000'000, 0}};
  REQUIRE(::utimensat(site.context.root().fd(), "b", long_ago, 0) == 0);
  const auto build_with = [&](const std::string& file, const std::string& flag) {
    site.build(cat("FROM scratch AS ", file, "\nCOPY ", file, " /\nFROM scratch AS to-", file,
                   "\nCOPY --from=", file, flag, " /", file, " /x\n"));
  };
  build_with("a", "");
  build_with("b", " --chmod=644");
  CHECK(site.journal.lines.size() == 2);
  CHECK(site.journal.lines[1].starts_with("missed COPY --from=b"));
}

TEST_CASE("without the cache every step runs") {
  Site site;
  site.context.write("a", "1");
  site.build("FROM scratch\nCOPY a /a\n");
  plan::Options options;
  options.no_cache = true;
  site.build("FROM scratch\nCOPY a /a\n", options);
  CHECK(site.journal.has("missed COPY a /a: the cache was not asked"));
}

TEST_CASE("a later stage takes files from stages built side by side") {
  Site site;
  site.context.write("a", "1");
  const std::string dockerfile =
      "FROM scratch AS one\nCOPY a /x\nFROM scratch AS two\nCOPY a /y\n"
      "FROM scratch\nCOPY --from=one /x /1\nCOPY --from=two /y /2\n";
  const auto image = site.build(dockerfile);
  CHECK(image.config.diff_ids.size() == 2);
  site.build(dockerfile);
  CHECK(site.journal.all_cached());
}

TEST_CASE("a failing step tells its lines and stops the build") {
  Site site;
  site.context.write("a", "1");
  try {
    site.build("FROM scratch\nCOPY a /a\nCOPY a /a/b\nCOPY a /c\n");
    FAIL("built");
  } catch (const StepError& error) {
    CHECK(error.lines().first == 3);
    CHECK(error.step() == "COPY a /a/b");
    CHECK(error.kind() == ErrorKind::dockerfile);
  }
  CHECK(site.journal.has("failed COPY a /a/b"));
  CHECK_FALSE(site.journal.has("missed COPY a /c"));
}

TEST_CASE("with an epoch two stores give one digest") {
  Options options;
  options.epoch = from_unix_seconds(1'000'000'000);
  std::vector<Digest> digests;
  for (int i = 0; i < 2; ++i) {
    Site site;
    site.context.write("a", "1");
    site.context.write("b", "2");
    digests.push_back(site.build(two_copies, {}, options).descriptor.digest);
  }
  CHECK(digests[0] == digests[1]);
}

TEST_CASE("an epoch never takes a layer that was made without it") {
  Site site;
  site.context.write("a", "1");
  site.build("FROM scratch\nCOPY a /a\n");
  Options options;
  options.epoch = from_unix_seconds(1'000'000'000);
  const auto image = site.build("FROM scratch\nCOPY a /a\n", {}, options);
  CHECK(site.journal.has("missed COPY a /a: epoch is new"));
  CHECK(image.config.created == options.epoch);
}

TEST_CASE("what is missing in the context is said before any step and all of it at once") {
  Site site;
  site.context.write("main.go", "1");
  const std::string dockerfile =
      "FROM scratch AS a\nCOPY main.go /\nCOPY main.do none /x/\nFROM scratch\nCOPY --from=a no /\n"
      "COPY *.x z[a /y/\nCOPY --parents src/./*.go /z/\n";
  try {
    site.build(dockerfile);
    FAIL("expected an error");
  } catch (const PlanError& error) {
    std::vector<std::string> said;
    for (const auto& [lines, mistake] : error.mistakes())
      said.push_back(cat(lines.first, ": ", mistake.what()));
    REQUIRE(said.size() == 4);
    CHECK(said[0] == "3: \"main.do\" is not in the build context\n  did you mean \"main.go\"?");
    CHECK(said[1] == "3: \"none\" is not in the build context");
    CHECK(said[2].starts_with("6: the pattern \"z[a\" cannot be read"));
    CHECK(said[3] == "7: \"src\" is not in the build context");
  }
  CHECK(site.journal.lines.empty());
}

TEST_CASE("a context that nothing is copied from is not opened") {
  Site site;
  site.opened = 0;
  site.build("FROM scratch\nWORKDIR /x\nCOPY <<EOF /f\ntext\nEOF\n");
  CHECK(site.opened == 0);
}

TEST_CASE("a context is opened once for the check and the steps") {
  Site site;
  site.context.write("a", "1");
  site.opened = 0;
  site.build("FROM scratch\nCOPY a /a\nCOPY . /b\n");
  CHECK(site.opened == 1);
}

}  // namespace strata::build
