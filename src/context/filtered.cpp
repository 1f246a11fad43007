#include "strata/context/filtered.hpp"

#include <map>

#include "strata/base/error.hpp"
#include "strata/base/path.hpp"

namespace strata::context {

namespace {

/// Entries keep their paths, so what has to be read is found in the whole by them.
class FilteredOrigin : public FileOrigin {
 public:
  FilteredOrigin(std::shared_ptr<FileOrigin> whole, dockerfile::IgnoreRules ignore,
                 std::string ignore_name)
      : whole_(std::move(whole)), ignore_(std::move(ignore)), ignore_name_(std::move(ignore_name)) {
    view_ = RootfsView({std::make_shared<const Tree>(keep_entries())});
  }

  const RootfsView& view() const override { return view_; }

  std::vector<ContentDigest> digests(std::span<const RootfsView::Found> files) override {
    return whole_->digests(in_whole(files));
  }
  std::vector<FileContent> contents(std::span<const RootfsView::Found> files,
                                    FileMemory& memory) override {
    return whole_->contents(in_whole(files), memory);
  }

  std::unique_ptr<Source> open(const RootfsView::Found& file) override {
    return whole_->open(in_whole(file));
  }
  void learn(std::span<const RootfsView::Found> files,
             std::span<const ContentDigest> digests) override {
    whole_->learn(in_whole(files), digests);
  }

  std::string why_absent(std::string_view any_path) const override {
    const std::string path = root_path(any_path);
    const auto* rule = ignore_.matching_rule(path);
    if (!rule || rule->negated || !whole_->view().exists(path)) return whole_->why_absent(any_path);
    return cat("excluded by pattern ", quoted(rule->text), " (", ignore_name_, ":", rule->line,
               ")");
  }

 private:
  std::vector<Entry> keep_entries() const {
    std::vector<Entry> kept;
    std::map<std::string, std::string> files;  // first name in the whole to first name kept
    std::string directory;
    auto inside = ignore_.enter(directory);
    whole_->view().walk("", [&](const RootfsView::Found& found) {
      const Entry& entry = *found.entry;
      if (parent_path(entry.path) != directory) {
        directory = parent_path(entry.path);
        inside = ignore_.enter(directory);
      }
      if (!entry.path.empty() && ignore_.excludes(inside, entry.path)) return;
      const bool is_link = entry.type == EntryType::hard_link;
      const Entry& file = is_link ? *whole_->view().file_of(found).entry : entry;
      const auto [first, is_first] = files.try_emplace(file.path, entry.path);
      kept.push_back(is_first ? file : entry);
      Entry& copy = kept.back();
      copy.path = entry.path;
      if (!is_first) copy.rare.edit().link = first->second;
      copy.uid = copy.gid = 0;
    });
    return kept;
  }

  std::vector<RootfsView::Found> in_whole(std::span<const RootfsView::Found> files) const {
    std::vector<RootfsView::Found> inner;
    inner.reserve(files.size());
    for (const RootfsView::Found& file : files) inner.push_back(in_whole(file));
    return inner;
  }

  RootfsView::Found in_whole(const RootfsView::Found& file) const {
    const auto found = whole_->view().find(file.entry->path);
    if (!found) fail(ErrorKind::not_found, "the context has no ", quoted(file.entry->path));
    return found->entry->type == EntryType::hard_link ? whole_->view().file_of(*found) : *found;
  }

  std::shared_ptr<FileOrigin> whole_;
  dockerfile::IgnoreRules ignore_;
  std::string ignore_name_;
  RootfsView view_;
};

}  // namespace

std::unique_ptr<FileOrigin> filter(std::shared_ptr<FileOrigin> whole,
                                   dockerfile::IgnoreRules ignore, std::string ignore_name) {
  return std::make_unique<FilteredOrigin>(std::move(whole), std::move(ignore),
                                          std::move(ignore_name));
}

}  // namespace strata::context
