/// The difference of two trees is what a merge by path finds, with one complication: hard links.
/// Taking away or replacing one name of a file changes how its other names are told (the next one
/// becomes the file), and a group of names must be in a layer whole or not at all. Rather than
/// predict all that, the difference is applied to the linked entries, and every group that does not
/// come out as wanted is put into the layer, until all do.

#include <string_view>
#include <unordered_set>

#include "strata/base/path.hpp"
#include "strata/content/tree.hpp"

namespace strata {

namespace {

Entry whiteout_of(std::string_view path) {
  Entry whiteout;
  whiteout.path = path;
  whiteout.type = EntryType::whiteout;
  return whiteout;
}

class TreeDiff {
 public:
  TreeDiff(const Tree& before, const Tree& after)
      : before_(before), after_(after), is_changed_(after.entries().size()) {
    note_links(before);
    note_links(after);
  }

  Tree run() {
    compare();
    if (!linked_.empty()) settle_links();
    add_parents();
    return changes();
  }

 private:
  void note_links(const Tree& tree) {
    for (const Entry& entry : tree.entries()) {
      if (entry.type != EntryType::hard_link) continue;
      linked_.insert(entry.path);
      linked_.insert(entry.rare->link);
    }
  }

  // Fills whiteouts_, and is_changed_ but for linked entries.
  void compare() {
    const auto before = before_.entries();
    const auto after = after_.entries();
    std::size_t i = 0;
    for (std::size_t j = 0; j < after.size(); ++j) {
      while (i < before.size() && compare_paths(before[i].path, after[j].path) < 0)
        note_missing(before[i++].path);
      const bool is_in_both = i < before.size() && before[i].path == after[j].path;
      if (!linked_.contains(after[j].path) &&
          !(is_in_both && same_entry(before[i], after[j], CompareTimes::yes)))
        is_changed_[j] = true;
      if (is_in_both) ++i;
    }
    while (i < before.size()) note_missing(before[i++].path);
  }

  // `after` has no entry for `path`. Finds the topmost directory that is gone with it.
  void note_missing(std::string_view path) {
    if (has_gone_ && is_within(path, gone_)) return;
    for (std::size_t end = path.find('/'); end != path.npos; end = path.find('/', end + 1))
      if (note_gone(path.substr(0, end))) return;
    if (note_gone(path)) return;
    // A directory whose own entry is gone while things below it stay: they come again.
    white_out(path);
    mark(after_.below(path));
  }

  bool note_gone(std::string_view path) {
    const Entry* entry = after_.find(path);
    if (entry != nullptr && entry->is_directory()) return false;
    if (entry == nullptr) {
      if (!after_.below(path).empty()) return false;
      white_out(path);
    }
    // Something that is no directory needs no whiteout: it hides what was there.
    gone_ = path;
    has_gone_ = true;
    return true;
  }

  void white_out(std::string_view path) {
    whiteouts_.push_back(whiteout_of(path));
    gone_ = path;
    has_gone_ = true;
  }

  void mark(std::span<const Entry> entries) {
    for (const Entry& entry : entries) is_changed_[index_of(entry)] = true;
  }

  std::size_t index_of(const Entry& entry) const {
    return static_cast<std::size_t>(&entry - after_.entries().data());
  }

  void settle_links() {
    const Tree linked_before = linked_only(before_);
    const auto is_changed = [this](const Entry& entry) { return is_changed_[index_of(entry)]; };
    emit(groups_of(is_changed));
    for (bool is_settled = false; !is_settled;) {
      const Tree result = apply_layer(linked_before, changes());
      is_settled = !emit(groups_of([&](const Entry& entry) {
        const Entry* found = result.find(entry.path);
        return found == nullptr || !same_entry(*found, entry, CompareTimes::yes);
      }));
    }
  }

  Tree linked_only(const Tree& tree) const {
    std::vector<Entry> entries;
    for (const Entry& entry : tree.entries())
      if (linked_.contains(entry.path)) entries.push_back(entry);
    return Tree(std::move(entries));
  }

  using Groups = std::unordered_set<std::string_view>;

  // Those with a name of which `is_wanted` is true.
  template <class Predicate>
  Groups groups_of(Predicate is_wanted) const {
    Groups groups;
    for (const Entry& entry : after_.entries())
      if (linked_.contains(entry.path) && is_wanted(entry)) groups.insert(group_of(entry));
    return groups;
  }

  // True if that has changed anything.
  bool emit(const Groups& groups) {
    bool is_new = false;
    for (const Entry& entry : after_.entries()) {
      if (is_changed_[index_of(entry)] || !groups.contains(group_of(entry))) continue;
      is_changed_[index_of(entry)] = true;
      is_new = true;
    }
    return is_new;
  }

  static std::string_view group_of(const Entry& entry) {
    return entry.type == EntryType::hard_link ? entry.rare->link : entry.path;
  }

  void add_parents() {
    for (const Entry& whiteout : whiteouts_) mark_parents(whiteout.path);
    // Parents stand before what they hold, so every one that is marked here has been passed.
    for (const Entry& entry : after_.entries())
      if (is_changed_[index_of(entry)]) mark_parents(entry.path);
  }

  void mark_parents(std::string_view path) {
    while (!path.empty()) {
      path = parent_path(path);
      if (const Entry* parent = after_.find(path)) is_changed_[index_of(*parent)] = true;
    }
  }

  Tree changes() const {
    std::vector<Entry> entries = whiteouts_;
    for (const Entry& entry : after_.entries())
      if (is_changed_[index_of(entry)]) entries.push_back(entry);
    return Tree(std::move(entries));
  }

  const Tree& before_;
  const Tree& after_;
  std::vector<bool> is_changed_;  ///< per entry of after_: it is part of the difference
  std::vector<Entry> whiteouts_;
  std::unordered_set<std::string_view> linked_;  ///< paths that are names of a shared file
  std::string_view gone_;                        ///< where the last whiteout or replacement stands
  bool has_gone_ = false;
};

}  // namespace

Tree diff_trees(const Tree& before, const Tree& after) { return TreeDiff(before, after).run(); }

}  // namespace strata
