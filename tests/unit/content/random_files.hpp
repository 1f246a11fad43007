#pragma once
/// Random file systems, and what layers do to them, done the simple way: a map from paths to files
/// in which every name of a file points at the same object. The trees' arithmetic is judged by it.

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "strata/base/path.hpp"
#include "unit/content/entries.hpp"

namespace strata::test {

/// Numbers that are the same on every machine.
class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  /// 0 to sides - 1.
  unsigned roll(unsigned sides) { return static_cast<unsigned>(engine_() % sides); }
  bool chance(unsigned percent) { return roll(100) < percent; }

 private:
  std::mt19937 engine_;
};

class Files {
 public:
  using Inode = std::shared_ptr<const Entry>;

  bool has(const std::string& path) const { return names_.contains(path); }
  const std::map<std::string, Inode, PathLess>& names() const { return names_; }

  void remove_below(const std::string& path) {
    std::erase_if(names_, [&](const auto& name) {
      return name.first != path && is_within(name.first, path);
    });
  }
  void remove(const std::string& path) {
    std::erase_if(names_, [&](const auto& name) { return is_within(name.first, path); });
  }
  /// A name for a file, with what that does to the names above and below it.
  void put(const std::string& path, Inode inode) {
    for (auto parent = std::string(parent_path(path)); !parent.empty();
         parent = parent_path(parent)) {
      const auto place = names_.find(parent);
      if (place != names_.end() && !place->second->is_directory()) names_.erase(place);
    }
    if (!inode->is_directory()) remove_below(path);
    names_[path] = std::move(inode);
  }
  void put(const Entry& entry) { put(entry.path, std::make_shared<Entry>(entry)); }

  std::optional<Inode> find(const std::string& path) const {
    const auto place = names_.find(path);
    if (place == names_.end()) return std::nullopt;
    return place->second;
  }

  Tree tree() const {
    std::map<Inode, std::string> first;
    std::vector<Entry> entries;
    for (const auto& [path, inode] : names_) {
      const bool is_first = inode->is_directory() || first.try_emplace(inode, path).second;
      entries.push_back(is_first ? *inode : hard_link(path, first[inode]));
      entries.back().path = path;
    }
    return Tree(std::move(entries));
  }

 private:
  std::map<std::string, Inode, PathLess> names_;
};

/// What applying a layer does, step by step as OCI layer.md tells it.
inline void apply(Files& files, const Tree& layer) {
  std::map<std::string, Files::Inode> own;
  for (const Entry& entry : layer.entries())
    if (!entry.is_removal() && entry.type != EntryType::hard_link)
      own[entry.path] = std::make_shared<Entry>(entry);
  for (const Entry& entry : layer.entries()) {
    if (entry.type != EntryType::hard_link) continue;
    const Entry* target = &entry;
    for (const Entry* next = target; next != nullptr && next->type == EntryType::hard_link;) {
      target = next;
      next = layer.find(target->rare->link);
      if (next != nullptr && next->is_removal()) next = nullptr;
    }
    own[entry.path] = own.contains(target->rare->link) ? own[target->rare->link]
                                                       : *files.find(target->rare->link);
  }
  for (const Entry& entry : layer.entries()) {
    if (entry.type == EntryType::whiteout) files.remove(entry.path);
    if (entry.type == EntryType::opaque) files.remove_below(entry.path);
  }
  for (const Entry& entry : layer.entries())
    if (!entry.is_removal()) files.put(entry.path, own[entry.path]);
}

class RandomFiles {
 public:
  explicit RandomFiles(unsigned seed) : dice_(seed) {}

  Dice& dice() { return dice_; }

  std::string path() {
    static const std::vector<std::string> names{"a", "b", "c", "a.x", "a-"};
    std::string path = names[dice_.roll(5)];
    while (dice_.chance(55) && path.size() < 8) path = join_path(path, names[dice_.roll(5)]);
    return path;
  }

  Entry entry(std::string path) {
    Entry entry = shape(std::move(path));
    if (entry.type == EntryType::symlink) return entry;
    if (dice_.chance(20)) entry.uid = dice_.roll(3);
    if (dice_.chance(20)) entry.mtime = dice_.roll(2);
    if (dice_.chance(10)) entry.mode = 04755;
    if (dice_.chance(10)) entry.rare.edit().xattrs = {{"security.capability", "x"}};
    return entry;
  }

  Files files() {
    Files files;
    change(files, dice_.roll(14));
    return files;
  }

  /// Some random deeds: new files, links, removals, replacements.
  void change(Files& files, unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
      const std::string name = path();
      if (dice_.chance(25)) {
        files.remove(name);
      } else if (const auto inode = some_file(files); inode && dice_.chance(35)) {
        files.put(name, *inode);
      } else {
        files.put(entry(name));
      }
    }
  }

  /// A layer that can be applied to `files`: anything that Tree accepts.
  Tree layer(const Files& files) {
    Files own;
    for (unsigned i = dice_.roll(8); i > 0; --i) own.put(entry(path()));
    std::vector<Entry> entries;
    for (const auto& [name, inode] : own.names()) entries.push_back(*inode);
    add_removals(own, entries);
    add_links(files, own, entries);
    return Tree(std::move(entries));
  }

 private:
  Entry shape(std::string path) {
    switch (dice_.roll(10)) {
      case 0:
        return soft_link(std::move(path), dice_.chance(50) ? "a/b" : "../c");
      case 1:
        return device(std::move(path), 1, dice_.roll(3));
      case 2:
      case 3:
      case 4:
        return directory(std::move(path));
      default:
        return file(std::move(path), dice_.chance(50) ? "one" : "other");
    }
  }

  std::optional<Files::Inode> some_file(const Files& files) {
    std::vector<Files::Inode> candidates;
    for (const auto& [name, inode] : files.names())
      if (!inode->is_directory()) candidates.push_back(inode);
    if (candidates.empty()) return std::nullopt;
    return candidates[dice_.roll(static_cast<unsigned>(candidates.size()))];
  }

  void add_removals(const Files& own, std::vector<Entry>& entries) {
    for (unsigned i = dice_.roll(4); i > 0; --i) {
      const std::string name = path();
      const auto inode = own.find(name);
      const bool is_new = std::none_of(entries.begin(), entries.end(), [&](const Entry& entry) {
        return entry.path == name && entry.is_removal();
      });
      if (!is_new || is_below_a_leaf(own, name)) continue;
      if (!inode) entries.push_back(dice_.chance(70) ? whiteout(name) : opaque(name));
      if (inode && (*inode)->is_directory()) entries.push_back(opaque(name));
    }
  }

  // Links to what the layer below has or to files of its own, at names that are free.
  void add_links(const Files& files, const Files& own, std::vector<Entry>& entries) {
    std::vector<std::string> targets;
    for (const Files* source : {&files, &own})
      for (const auto& [name, inode] : source->names())
        if (!inode->is_directory() && !own_directory(own, name)) targets.push_back(name);
    for (unsigned i = dice_.roll(3); i > 0 && !targets.empty(); --i) {
      const std::string name = path();
      const bool is_free = std::none_of(entries.begin(), entries.end(), [&](const Entry& entry) {
        return is_within(entry.path, name) || entry.path == name;
      });
      const auto& target = targets[dice_.roll(static_cast<unsigned>(targets.size()))];
      if (!is_free || is_below_a_leaf(own, name) || is_below_a_link(entries, name)) continue;
      if (target != name) entries.push_back(hard_link(name, target));
      std::erase(targets, name);
    }
  }

  static bool own_directory(const Files& own, const std::string& name) {
    const auto inode = own.find(name);
    return inode && (*inode)->is_directory();
  }
  static bool is_below_a_leaf(const Files& own, const std::string& name) {
    for (const auto& [path, inode] : own.names())
      if (!inode->is_directory() && path != name && is_within(name, path)) return true;
    return false;
  }
  static bool is_below_a_link(const std::vector<Entry>& entries, const std::string& name) {
    for (const Entry& entry : entries)
      if (entry.type == EntryType::hard_link && is_within(name, entry.path)) return true;
    return false;
  }

  Dice dice_;
};

}  // namespace strata::test
