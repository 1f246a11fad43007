#include "strata/content/rootfs_view.hpp"

#include <doctest/doctest.h>

#include <set>

#include "strata/base/error.hpp"
#include "unit/content/random_files.hpp"

using namespace strata;
using namespace strata::test;

namespace {

std::shared_ptr<const Tree> share(Tree tree) {
  return std::make_shared<const Tree>(std::move(tree));
}

RootfsView view_of(std::vector<Tree> trees) {
  RootfsView::Trees layers;
  for (Tree& tree : trees) layers.push_back(share(std::move(tree)));
  return RootfsView(std::move(layers));
}

// Three to six random layers, each made for what is below it, and what they come to.
struct Stack {
  explicit Stack(unsigned seed) {
    RandomFiles random(seed);
    for (unsigned i = 3 + random.dice().roll(4); i > 0; --i) {
      trees.push_back(share(random.layer(files)));
      apply(files, *trees.back());
      story += cat("layer ", trees.size() - 1, '\n', text_of(*trees.back()));
    }
    story += cat("files\n", text_of(files.tree()));
  }
  RootfsView view() const { return RootfsView(trees); }

  RootfsView::Trees trees;
  Files files;
  std::string story;
};

// Every name of up to three components that the random layers can have.
std::vector<std::string> all_paths() {
  std::vector<std::string> paths;
  for (const std::string first : {"a", "b", "c", "a.x", "a-", "nowhere"}) {
    paths.push_back(first);
    for (const std::string second : {"a", "b", "c", "a.x", "a-"}) {
      paths.push_back(first + '/' + second);
      for (const std::string third : {"a", "b", "a.x"}) paths.push_back(paths.back() + '/' + third);
    }
  }
  return paths;
}

bool holds_something(const Files& files, const std::string& path) {
  for (const auto& [name, inode] : files.names())
    if (name != path && is_within(name, path)) return true;
  return false;
}

// What `find` gives, told as the simple model would.
bool finds_right(const RootfsView& view, const Files& files, const std::string& path) {
  const auto found = view.find(path);
  const auto expected = files.find(path);
  if (found.has_value() != expected.has_value()) return false;
  if (!found) return true;
  Entry entry = *view.file_of(*found).entry;
  Entry wanted = **expected;
  entry.path = wanted.path = path;
  return same_entry(entry, wanted, CompareTimes::yes);
}

}  // namespace

TEST_CASE("flattening many layers is applying them one after the other") {
  for (unsigned seed = 0; seed < 10'000; ++seed) {
    const Stack stack(seed);
    Tree applied;
    for (const auto& tree : stack.trees) applied = apply_layer(applied, *tree);
    const std::string flat = text_of(stack.view().flatten());
    const bool is_kept = flat == text_of(applied) && flat == text_of(stack.files.tree());
    CHECK_MESSAGE(is_kept, "seed " << seed << '\n' << stack.story << "flat\n" << flat);
    if (!is_kept) break;
  }
}

TEST_CASE("every look into a view agrees with the layers applied") {
  const auto paths = all_paths();
  for (unsigned seed = 0; seed < 600; ++seed) {
    const Stack stack(seed);
    const RootfsView view = stack.view();
    for (const std::string& path : paths) {
      const auto inode = stack.files.find(path);
      const bool is_full = holds_something(stack.files, path);
      bool is_kept = finds_right(view, stack.files, path);
      if (is_full || (inode && (*inode)->is_directory())) is_kept &= view.is_directory(path);
      if (inode && !(*inode)->is_directory()) is_kept &= !view.is_directory(path);
      CHECK_MESSAGE(is_kept, "seed " << seed << " path " << path << '\n' << stack.story);
      if (!is_kept) return;
    }
  }
}

TEST_CASE("children and walk show the same as the layers applied") {
  for (unsigned seed = 0; seed < 2'000; ++seed) {
    const Stack stack(seed);
    const RootfsView view = stack.view();
    for (const std::string top : {"", "a", "b", "a/b"}) {
      if (const auto inode = stack.files.find(top); inode && !(*inode)->is_directory()) continue;
      std::vector<std::string> walked;
      view.walk(top, [&](const RootfsView::Found& found) { walked.push_back(found.entry->path); });
      std::vector<std::string> expected;
      std::set<std::string> names;
      for (const auto& [path, inode] : stack.files.names()) {
        if (path == top || !is_within(path, top)) continue;
        expected.push_back(path);
        const auto rest = path.substr(top.empty() ? 0 : top.size() + 1);
        names.insert(rest.substr(0, rest.find('/')));
      }
      const auto children = view.children(top);
      // A directory that is only implied may have lost all that implied it.
      const bool has_all =
          std::includes(children.begin(), children.end(), names.begin(), names.end());
      CHECK_MESSAGE((walked == expected && has_all),
                    "seed " << seed << " below /" << top << " walked " << join(walked, ",")
                            << " children " << join(children, ",") << "\n"
                            << stack.story);
      if (walked != expected || !has_all) return;
    }
  }
}

TEST_CASE("a whiteout hides what lower layers have and not what its own layer has") {
  const auto view =
      view_of({Tree({directory("d"), file("d/old")}), Tree({whiteout("d"), file("d/new")})});
  CHECK(view.children("d") == std::vector<std::string>{"new"});
  CHECK(view.is_directory("d"));
  CHECK_FALSE(view.find("d"));
  CHECK_FALSE(view.exists("d/old"));
}

TEST_CASE("an opaque mark hides a directory's old content and keeps the directory") {
  const auto view =
      view_of({Tree({directory("d", 0700), file("d/old")}), Tree({opaque("d"), file("d/new")})});
  CHECK(view.children("d") == std::vector<std::string>{"new"});
  REQUIRE(view.find("d"));
  CHECK(view.find("d")->entry->mode == 0700);
  CHECK(view.find("d")->layer == 0);
}

TEST_CASE("an opaque mark on the root hides everything below") {
  const auto view = view_of({Tree({file("old")}), Tree({opaque(""), file("new")})});
  CHECK(view.children("") == std::vector<std::string>{"new"});
  CHECK_FALSE(view.exists("old"));
  CHECK(text_of(view.flatten()) == text_of(Tree({file("new")})));
}

TEST_CASE("the root is a directory even in a view of nothing") {
  const RootfsView view;
  CHECK(view.is_directory(""));
  CHECK(view.exists(""));
  CHECK_FALSE(view.find(""));
  CHECK(view.children("").empty());
  CHECK(view.flatten().empty());
  CHECK(view_of({Tree({directory("", 0711)})}).find("")->entry->mode == 0711);
}

TEST_CASE("links are followed in all components and inside the root") {
  using Last = RootfsView::LastComponent;
  const auto view = view_of(
      {Tree({directory("usr"), directory("usr/lib"), file("usr/lib/x"), soft_link("lib", "usr/lib"),
             soft_link("abs", "/usr/lib"), soft_link("up", "../../../usr"),
             soft_link("usr/self", "lib/x"), soft_link("dangling", "nowhere/else")})});
  CHECK(view.resolve("lib/x", Last::follow) == "usr/lib/x");
  CHECK(view.resolve("/abs/x", Last::follow) == "usr/lib/x");
  CHECK(view.resolve("up/lib", Last::follow) == "usr/lib");
  CHECK(view.resolve("usr/self", Last::follow) == "usr/lib/x");
  CHECK(view.resolve("usr/self", Last::keep) == "usr/self");
  CHECK(view.resolve("lib", Last::keep) == "lib");
  CHECK(view.resolve("lib/new/file", Last::follow) == "usr/lib/new/file");
  CHECK(view.resolve("lib/../x", Last::follow) == "usr/x");
  CHECK(view.resolve("dangling/x", Last::follow) == "nowhere/else/x");
  CHECK(view.resolve("../../x", Last::follow) == "x");
  CHECK(view.resolve("", Last::follow) == "");
}

TEST_CASE("a loop of links is an error that names the path") {
  const auto view = view_of({Tree({soft_link("a", "b"), soft_link("b", "a")})});
  CHECK_THROWS_WITH_AS(view.resolve("a/x", RootfsView::LastComponent::keep),
                       doctest::Contains("\"a/x\""), Error);
  CHECK(view.resolve("a", RootfsView::LastComponent::keep) == "a");
}

TEST_CASE("a hard link speaks of the file that its own layer saw") {
  const auto view =
      view_of({Tree({file("a", "first")}), Tree({hard_link("b", "a")}), Tree({file("a", "second")}),
               Tree({whiteout("a"), hard_link("c", "a")})});
  const auto content = [&](const std::string& path) {
    return view.file_of(*view.find(path)).entry->content;
  };
  CHECK(content("b") == ContentDigest(Digest::of("first")));
  CHECK(view.file_of(*view.find("b")).layer == 0);
  CHECK(content("c") == ContentDigest(Digest::of("second")));
  CHECK_FALSE(view.exists("a"));
}

TEST_CASE("a layer more leaves the view it is put upon as it was") {
  const auto lower = view_of({Tree({file("a")})});
  const auto upper = lower.with_layer(share(Tree({whiteout("a"), file("b")})));
  CHECK(lower.exists("a"));
  CHECK_FALSE(upper.exists("a"));
  CHECK(upper.layers().size() == 2);
}
