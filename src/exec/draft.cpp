#include "draft.hpp"

#include "strata/base/stop.hpp"
#include "strata/base/text.hpp"
#include "strata/oci/media_type.hpp"

namespace strata::exec {

namespace {

/// Bytes told at once: often enough for the eye, seldom enough to cost nothing.
constexpr std::uint64_t progress_step = 1u << 20;

/// How many bytes a step has taken up so far.
class Progress {
 public:
  Progress(const Reporter& reporter, const std::stop_token& stop)
      : reporter_(reporter), stop_(stop) {}

  void add(std::uint64_t bytes) {
    throw_if_stopped(stop_);
    bytes_ += bytes;
    if (bytes_ - told_ >= progress_step) tell();
  }
  void finish() {
    if (bytes_ != told_) tell();
  }

 private:
  void tell() {
    told_ = bytes_;
    if (reporter_.progress) reporter_.progress(bytes_);
  }

  const Reporter& reporter_;
  const std::stop_token& stop_;
  std::uint64_t bytes_ = 0;
  std::uint64_t told_ = 0;
};

class LayerDraft : public Draft {
 public:
  LayerDraft(Tree tree, const ContentOpener& contents, Engine& engine, Progress& progress,
             const SpanScope& spans, const EarlierLayer* earlier,
             std::optional<UnpackedForm> unpacked)
      : store_(engine.store),
        blob_(store_.blobs().create(store::HashedBy::writer)),
        written_(write_layer(
            std::move(tree), contents, blob_, engine.compression, engine.pool,
            {[&progress](std::uint64_t bytes) { progress.add(bytes); }, spans, earlier})),
        unpacked_(std::move(unpacked)) {}

  const LayerTree& layer() const override { return written_.layer; }
  const DiffId& diff_id() const override { return written_.diff_id; }
  std::uint64_t reused_size() const override { return written_.reused_size; }

  oci::Layer commit() override {
    blob_.commit_hashed(written_.digest);
    const Codec codec = written_.layer.codec;
    store_.layers().put_tree(written_.diff_id, std::move(written_.layer));
    if (unpacked_) store_.layers().adopt_unpacked(written_.diff_id, unpacked_->host_path);
    oci::Descriptor blob{std::string(oci::media_type::layer_type(codec)),
                         written_.digest,
                         written_.blob_size,
                         std::nullopt,
                         {}};
    return {written_.diff_id, std::move(blob)};
  }

 private:
  store::Store& store_;
  store::NewBlob blob_;
  WrittenLayer written_;
  std::optional<UnpackedForm> unpacked_;
};

}  // namespace

std::unique_ptr<Draft> write_draft(Tree tree, const ContentOpener& contents, Engine& engine,
                                   const Reporter& reporter, const std::stop_token& stop,
                                   const EarlierLayer* earlier,
                                   std::optional<UnpackedForm> unpacked) {
  Progress progress(reporter, stop);
  SpanTimer timer(reporter.spans, "write");
  timer.count("files", tree.entries().size());
  timer.count("bytes", tree.file_bytes());
  auto draft = std::make_unique<LayerDraft>(std::move(tree), contents, engine, progress,
                                            reporter.spans, earlier, std::move(unpacked));
  progress.finish();
  return draft;
}

std::optional<std::int64_t> newest_mtime(const Engine& engine) {
  if (!engine.epoch) return std::nullopt;
  return to_unix_seconds(*engine.epoch);
}

}  // namespace strata::exec
