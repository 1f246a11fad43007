#include "strata/cache/explain.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

#include "strata/base/error.hpp"
#include "strata/base/path.hpp"
#include "strata/base/text.hpp"

namespace strata::cache {

namespace {

constexpr std::size_t named_files_max = 5;
constexpr std::size_t shown_text_max = 120;

std::string shown(std::string_view text) {
  if (text.size() <= shown_text_max) return quoted(text);
  return cat(quoted(text.substr(0, shown_text_max)), "…");
}

using Sentences = std::vector<std::string>;

/// A side that has no such ingredient is null.
std::string tell_change(std::string_view what, const std::string* before, const std::string* now) {
  if (!before) return cat(what, " is new: ", shown(*now));
  if (!now) return cat(what, " is gone, was ", shown(*before));
  return cat(what, " changed from ", shown(*before), " to ", shown(*now));
}

/// Calls `visit` for each path that is in one tree only (the other entry is null) or differs.
void for_each_difference(const Tree& before, const Tree& now,
                         const std::function<void(const Entry*, const Entry*)>& visit) {
  auto left = before.entries().begin();
  auto right = now.entries().begin();
  while (left != before.entries().end() || right != now.entries().end()) {
    const auto order = left == before.entries().end() ? std::strong_ordering::greater
                       : right == now.entries().end() ? std::strong_ordering::less
                                                      : compare_paths(left->path, right->path);
    const Entry* old_entry = order <= 0 ? &*left++ : nullptr;
    const Entry* new_entry = order >= 0 ? &*right++ : nullptr;
    if (old_entry && new_entry && same_entry(*old_entry, *new_entry, CompareTimes::no)) continue;
    visit(old_entry, new_entry);
  }
}

/// At most a few; none if nothing but times differs.
Sentences tell_differences(const Tree& tree_before, const Tree& tree_now) {
  Sentences sentences;
  std::size_t more = 0;
  for_each_difference(tree_before, tree_now, [&](const Entry* before, const Entry* now) {
    if (sentences.size() == named_files_max) {
      ++more;
      return;
    }
    const std::string path = cat('/', (now ? now : before)->path);
    if (!before)
      sentences.push_back(cat(path, ": is new"));
    else if (!now)
      sentences.push_back(cat(path, ": is gone"));
    else
      sentences.push_back(cat(path, ": ", describe_difference(*before, *now), " changed"));
  });
  if (more > 0) sentences.push_back(cat("and ", more, " more files"));
  return sentences;
}

Sentences tell_files(const FileTrees& files) {
  if (!files.before || !files.now) return {"the files to copy changed"};
  Sentences sentences = tell_differences(*files.before, *files.now);
  if (sentences.empty()) sentences.push_back("the way the files are written changed");
  return sentences;
}

/// A record may lack the tree, or have one of another version: then nothing can be told.
std::optional<Tree> tree_behind(const Record& record, const std::string& name) {
  const auto found = record.trees.find(name);
  if (found == record.trees.end()) return std::nullopt;
  try {
    return decode_tree(found->second);
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// The files that make the ingredient differ, named after it; none if it is not they.
Sentences tell_files_behind(const std::string& name, const Record& before, const FileTrees& files) {
  const auto now = files.behind ? files.behind->find(name) : decltype(files.behind->end()){};
  if (!files.behind || now == files.behind->end()) return {};
  const auto tree_before = tree_behind(before, name);
  if (!tree_before) return {};
  Sentences sentences = tell_differences(*tree_before, now->second);
  for (std::string& sentence : sentences) sentence = cat(name, ": ", sentence);
  return sentences;
}

/// How a difference of an ingredient is told, by the beginning of its name.
struct Teller {
  std::string_view prefix;
  std::string_view what;  ///< followed by the subject, if there is one
};

constexpr std::array tellers{
    Teller{"env ", "environment variable "},
    Teller{"mount ", "mount "},
    Teller{"argv", "the command"},
    Teller{"instruction", "the instruction"},
};

std::string tell(std::string_view name, const std::string* before, const std::string* now) {
  for (const Teller& teller : tellers)
    if (name.starts_with(teller.prefix))
      return tell_change(cat(teller.what, name.substr(teller.prefix.size())), before, now);
  return tell_change(name, before, now);
}

}  // namespace

std::vector<std::string> explain_miss(const Record& before, const plan::Ingredients& now,
                                      const FileTrees& files, const std::string& parent_change) {
  Sentences sentences;
  const auto add_difference = [&](const std::string& name, const std::string* old_value,
                                  const std::string* new_value) {
    if (name == "parent") {
      sentences.push_back(parent_change);
    } else if (name == "files") {
      const Sentences told = tell_files(files);
      sentences.insert(sentences.end(), told.begin(), told.end());
    } else {
      const Sentences told = tell_files_behind(name, before, files);
      sentences.insert(sentences.end(), told.begin(), told.end());
      if (told.empty()) sentences.push_back(tell(name, old_value, new_value));
    }
  };
  for (const auto& [name, value] : now.list()) {
    const std::string* old_value = before.ingredients.find(name);
    if (!old_value || *old_value != value) add_difference(name, old_value, &value);
  }
  for (const auto& [name, value] : before.ingredients.list())
    if (!now.find(name)) add_difference(name, &value, nullptr);
  if (sentences.empty()) sentences.push_back("its earlier result is no longer in the store");
  return sentences;
}

}  // namespace strata::cache
