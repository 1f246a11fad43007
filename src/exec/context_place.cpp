/// A build context as a place: its files as data, and for mounts written out.
///
/// Why a copy: in the context's own directory a step would see what the ignore rules leave out,
/// owners of the host, and edits made while it runs, which its key knows nothing of.

#include <mutex>
#include <optional>

#include "place_part.hpp"
#include "strata/base/path.hpp"
#include "strata/base/text.hpp"
#include "strata/exec/operation.hpp"

namespace strata::exec {

namespace {

class ContextPlace : public Place {
 public:
  explicit ContextPlace(std::shared_ptr<FileOrigin> files) : files_(std::move(files)) {}

  const RootfsView& view() const override { return files_->view(); }
  std::vector<ContentDigest> digests(std::span<const RootfsView::Found> files) override {
    return files_->digests(files);
  }
  std::vector<FileContent> contents(std::span<const RootfsView::Found> files,
                                    FileMemory& memory) override {
    return files_->contents(files, memory);
  }
  std::unique_ptr<Source> open(const RootfsView::Found& file) override {
    return files_->open(file);
  }
  void learn(std::span<const RootfsView::Found> files,
             std::span<const ContentDigest> digests) override {
    files_->learn(files, digests);
  }
  std::string why_absent(std::string_view path) const override { return files_->why_absent(path); }

  /// Whoever comes second waits until the first has written.
  ShownPart show(const PlacePart& part, Engine& engine, const std::stop_token& stop) override {
    const std::lock_guard lock(mutex_);
    for (const Written& written : written_)
      if (auto shown = find_in(written, part)) return std::move(*shown);
    if (!work_) work_.emplace(engine.store.make_work_directory());
    const std::string name = cat(written_.size());
    work_->root().make_directory(name, 0755);
    write_part(*files_, part, work_->root().open_directory(name), stop);
    written_.push_back({part.path, part.is_directory, cat(work_->host_path(), "/", name)});
    return find_in(written_.back(), part).value();
  }

 private:
  /// A part that is on the disk.
  struct Written {
    std::string path;
    bool is_directory;
    std::string host_path;
  };

  static std::optional<ShownPart> find_in(const Written& written, const PlacePart& part) {
    if (!written.is_directory) {
      if (part.path != written.path) return std::nullopt;
      return ShownPart{{written.host_path}, std::string(base_name(part.path))};
    }
    if (!is_within(part.path, written.path)) return std::nullopt;
    const std::size_t prefix = written.path.empty() || part.path == written.path
                                   ? written.path.size()
                                   : written.path.size() + 1;
    return ShownPart{{written.host_path}, part.path.substr(prefix)};
  }

  std::shared_ptr<FileOrigin> files_;
  std::mutex mutex_;
  std::optional<store::WorkDirectory> work_;
  std::vector<Written> written_;
};

}  // namespace

std::shared_ptr<Place> open_context(std::shared_ptr<FileOrigin> files) {
  return std::make_shared<ContextPlace>(std::move(files));
}

}  // namespace strata::exec
