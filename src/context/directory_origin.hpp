#pragma once
/// A directory as a FileOrigin: what the walk found, and digests when they are asked for.

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "context/stat_index.hpp"
#include "context/walk.hpp"
#include "strata/context/directory.hpp"

namespace strata::context {

/// The tree is that of the moment of construction. Thread-safe.
class DirectoryOrigin : public FileOrigin {
 public:
  DirectoryOrigin(Root root, DirectoryOptions options, WorkerPool& pool);
  /// Saves the index; if that fails the next build reads the files again.
  ~DirectoryOrigin() override;

  const RootfsView& view() const override { return view_; }
  std::vector<ContentDigest> digests(std::span<const RootfsView::Found> files) override;
  std::vector<FileContent> contents(std::span<const RootfsView::Found> files,
                                    FileMemory& memory) override;
  std::unique_ptr<Source> open(const RootfsView::Found& file) override;
  void learn(std::span<const RootfsView::Found> files,
             std::span<const ContentDigest> digests) override;
  std::string why_absent(std::string_view path) const override;

 private:
  class WatchedFile;

  /// What is known of a file of which the index does not know everything.
  struct Memory {
    std::optional<ContentDigest> content;
    bool settled = false;  ///< what is known may be believed by a later build
  };

  std::size_t place_of(const RootfsView::Found& file) const;
  void begin_memory();
  const std::optional<ContentDigest>& content_of(std::size_t place) const;
  std::vector<std::size_t> unknown_among(const std::vector<std::size_t>& places) const;
  std::string_view read_content(std::size_t place, FileMemory& memory);
  Fd open_at(const Entry& entry) const;
  void note_stamp(std::size_t place, const FileStamp& after);
  void save_index() const;

  Root root_;
  DirectoryOptions options_;
  WorkerPool& pool_;
  std::int64_t observed_;  ///< when the walk began
  std::shared_ptr<const Tree> tree_;
  RootfsView view_;
  WalkedFacts facts_;           ///< at the same places as the tree's entries
  StatIndex index_;             ///< empty if no row of it will be wanted
  mutable std::mutex mutex_;    ///< guards what follows
  std::vector<Memory> memory_;  ///< by the numbers of `facts_`
  bool index_is_stale_ = false;
};

}  // namespace strata::context
