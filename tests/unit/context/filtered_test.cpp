#include "strata/context/filtered.hpp"

#include <doctest/doctest.h>

namespace strata::context {

namespace {

/// Hands out the content of a map of files; the view has what the test put there.
class FixedOrigin : public FileOrigin {
 public:
  explicit FixedOrigin(std::vector<Entry> entries)
      : view_({std::make_shared<const Tree>(std::move(entries))}) {}
  const RootfsView& view() const override { return view_; }
  std::vector<ContentDigest> digests(std::span<const RootfsView::Found> files) override {
    std::vector<ContentDigest> digests;
    for (const auto& file : files) digests.emplace_back(Digest::of(file.entry->path));
    return digests;
  }
  std::unique_ptr<Source> open(const RootfsView::Found& file) override {
    return std::make_unique<StringSource>(file.entry->path);
  }

 private:
  RootfsView view_;
};

Entry entry(std::string path, EntryType type, std::string link = {}) {
  Entry made;
  made.path = std::move(path);
  made.type = type;
  made.rare.edit().link = std::move(link);
  made.uid = made.gid = type == EntryType::hard_link ? 0 : 1000;
  return made;
}

std::unique_ptr<FileOrigin> filtered(std::string_view rules) {
  auto whole = std::make_shared<FixedOrigin>(
      std::vector<Entry>{entry("a", EntryType::file), entry("b", EntryType::hard_link, "a"),
                         entry("c", EntryType::hard_link, "a"), entry("d", EntryType::directory),
                         entry("d/e", EntryType::file)});
  return filter(whole, dockerfile::IgnoreRules::parse(rules), ".dockerignore");
}

}  // namespace

TEST_CASE("excluded files are gone and say why") {
  const auto origin = filtered("x\nd/e\n");
  CHECK(origin->view().exists("d"));
  CHECK_FALSE(origin->view().exists("d/e"));
  CHECK(origin->why_absent("/d/e") == R"(excluded by pattern "d/e" (.dockerignore:2))");
  CHECK(origin->why_absent("nowhere").empty());
}

TEST_CASE("everything belongs to root") {
  const auto origin = filtered("");
  for (const Entry& kept : origin->view().layers().front()->entries()) CHECK(kept.uid == 0);
}

TEST_CASE("when the first name of a file goes the next one becomes the file") {
  const auto origin = filtered("a\n");
  const auto b = origin->view().find("b");
  REQUIRE(b);
  CHECK(b->entry->is_file());
  CHECK(origin->view().find("c")->entry->rare->link == "b");
  CHECK(read_all(*origin->open(*b), 10, "b") == "a");
}

}  // namespace strata::context
