/// Laws of differences and of applying layers, on random trees.

#include <doctest/doctest.h>

#include "strata/base/error.hpp"
#include "strata/content/rootfs_view.hpp"
#include "unit/content/random_files.hpp"

using namespace strata;
using namespace strata::test;

namespace {

// Only one CHECK per case that fails: a doctest assertion costs more than a case.
template <class Law>
void for_random_cases(unsigned count, Law law) {
  for (unsigned seed = 0; seed < count; ++seed) {
    const std::pair<bool, std::string> verdict = law(seed);
    CHECK_MESSAGE(verdict.first, "seed " << seed << "\n" << verdict.second);
    if (!verdict.first) return;
  }
}

}  // namespace

TEST_CASE("a difference applied to the old tree gives the new tree") {
  for_random_cases(30'000, [](unsigned seed) {
    RandomFiles random(seed);
    Files files = random.files();
    const Tree before = files.tree();
    if (random.dice().chance(30)) files = random.files();
    random.change(files, random.dice().roll(6));
    const Tree after = files.tree();
    const Tree difference = diff_trees(before, after);
    const Tree result = apply_layer(before, difference);
    return std::pair(text_of(result) == text_of(after),
                     cat("before\n", text_of(before), "difference\n", text_of(difference),
                         "result\n", text_of(result), "after\n", text_of(after)));
  });
}

TEST_CASE("applying a layer does what the image specification says step by step") {
  for_random_cases(30'000, [](unsigned seed) {
    RandomFiles random(seed);
    Files files = random.files();
    const Tree lower = files.tree();
    const Tree upper = random.layer(files);
    const Tree result = apply_layer(lower, upper);
    apply(files, upper);
    return std::pair(text_of(result) == text_of(files.tree()),
                     cat("lower\n", text_of(lower), "upper\n", text_of(upper), "result\n",
                         text_of(result), "expected\n", text_of(files.tree())));
  });
}

TEST_CASE("equal trees have no difference") {
  for_random_cases(500, [](unsigned seed) {
    const Tree tree = RandomFiles(seed).files().tree();
    const Tree difference = diff_trees(tree, tree);
    return std::pair(difference.empty(), text_of(difference));
  });
}

TEST_CASE("a difference has the whole group of names or none of it") {
  for_random_cases(5'000, [](unsigned seed) {
    RandomFiles random(seed);
    Files files = random.files();
    const Tree before = files.tree();
    random.change(files, 4);
    const Tree after = files.tree();
    const Tree difference = diff_trees(before, after);
    bool is_whole = true;
    for (const Entry& entry : after.entries()) {
      if (entry.type != EntryType::hard_link) continue;
      const Entry* link = difference.find(entry.path);
      const Entry* target = difference.find(entry.rare->link);
      is_whole = is_whole && (link == nullptr) == (target == nullptr);
    }
    return std::pair(is_whole, cat("before\n", text_of(before), "difference\n", text_of(difference),
                                   "after\n", text_of(after)));
  });
}

TEST_CASE("a difference names the directories above what changed once") {
  const Tree before({directory("etc"), directory("etc/ssl"), file("etc/ssl/key", "old"),
                     directory("usr"), file("usr/x")});
  const Tree after({directory("etc"), directory("etc/ssl"), file("etc/ssl/key", "new"),
                    directory("usr"), file("usr/x")});
  const Tree difference = diff_trees(before, after);
  CHECK(text_of(difference) ==
        text_of(Tree({directory("etc"), directory("etc/ssl"), file("etc/ssl/key", "new")})));
}

TEST_CASE("a removed directory is one whiteout") {
  const Tree before({directory("a"), directory("a/b"), file("a/b/c"), file("a/d")});
  const Tree after({directory("a"), file("a/d")});
  CHECK(text_of(diff_trees(before, after)) == text_of(Tree({directory("a"), whiteout("a/b")})));
}

TEST_CASE("what a file replaces needs no whiteout") {
  const Tree before({directory("a"), file("a/b")});
  const Tree after({file("a")});
  CHECK(text_of(diff_trees(before, after)) == text_of(after));
}

TEST_CASE("when one name of a file goes the others stay as they are") {
  const Tree before({file("a", "x"), hard_link("b", "a"), hard_link("c", "a")});
  const Tree after({file("b", "x"), hard_link("c", "b")});
  CHECK(text_of(diff_trees(before, after)) == text_of(Tree({whiteout("a")})));
}

TEST_CASE("a lower name of a file keeps the content when an upper layer replaces another") {
  const Tree lower({file("a", "old"), hard_link("b", "a")});
  const Tree upper({file("a", "new")});
  CHECK(text_of(apply_layer(lower, upper)) == text_of(Tree({file("a", "new"), file("b", "old")})));
}

TEST_CASE("a hard link that leads nowhere is refused") {
  CHECK_THROWS_AS(apply_layer(Tree(), Tree({hard_link("a", "gone")})), Error);
  CHECK_THROWS_AS(apply_layer(Tree(), Tree({hard_link("a", "b"), hard_link("b", "a")})), Error);
  CHECK_THROWS_AS(apply_layer(Tree(), Tree({hard_link("a", "a")})), Error);
  CHECK_THROWS_AS(apply_layer(Tree({directory("d")}), Tree({hard_link("a", "d")})), Error);
}
