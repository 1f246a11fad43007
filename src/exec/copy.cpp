/// COPY and ADD as a step: finds the sources, lets copy_set say what will be written, writes it.

#include "archives.hpp"
#include "copy_set.hpp"
#include "draft.hpp"
#include "operations.hpp"
#include "strata/base/error.hpp"
#include "strata/base/json.hpp"
#include "strata/base/text.hpp"
#include "strata/exec/rootfs.hpp"

namespace strata::exec {

namespace {

ModeChange parse_mode(const std::string& text) {
  auto mode = ModeChange::parse(text);
  if (!mode) fail(ErrorKind::dockerfile, "--chmod=", text, " is no mode");
  return std::move(*mode);
}

CopyLook look_of(const plan::CopyFiles& step, const Rootfs& parent, const Engine& engine) {
  CopyLook look;
  if (step.owner) look.owner = resolve_owner(*step.owner, make_reader(parent, engine.store));
  if (step.mode) look.mode = parse_mode(*step.mode);
  look.from_context = std::holds_alternative<plan::FromContext>(step.origin);
  look.newest = newest_mtime(engine);
  return look;
}

struct OpenBytes {
  OpenFile operator()(std::monostate) const {
    fail(ErrorKind::system, "a file to be written has no bytes");
  }
  OpenFile operator()(const OriginFile& file) const {
    return {file.origin->open(file.file), file.origin->verifies()};
  }
  /// What a file's entry says is what its bytes in memory are.
  OpenFile operator()(std::string_view text) const {
    return {std::make_unique<ViewSource>(text), true};
  }
};

class CopyOperation : public Operation {
 public:
  CopyOperation(const plan::CopyFiles& step, const Rootfs& parent, const FindOrigin& find_origin,
                Engine& engine, const EarlyWork* early);

  const plan::Ingredients& ingredients() const override { return ingredients_; }
  /// What an archive holds is not known before it is unpacked.
  const Tree* files() override {
    if (!archives_.empty()) return nullptr;
    if (!files_) files_ = set_.tree();
    return &*files_;
  }
  std::optional<Digest> content() const override {
    return archives_.empty() && !early_draft_ ? content_ : std::nullopt;
  }
  void take_earlier(const oci::Layer& layer) override {
    earlier_ = engine_.store.layers().find_earlier(layer.diff_id);
  }
  std::unique_ptr<Draft> execute(const Reporter& reporter, std::stop_token stop) override;

 private:
  void find_sources_of(const FindOrigin& find_origin);
  EntrySet find_set(const FindArchive& find_archive) const;
  Tree take_files();
  std::unique_ptr<Draft> write(Tree tree, const Reporter& reporter, const std::stop_token& stop);
  void list_ingredients();

  const plan::CopyFiles& step_;
  const Rootfs& parent_;
  Engine& engine_;
  std::shared_ptr<FileOrigin> origin_;  ///< null if no source is in it
  std::vector<std::shared_ptr<FileOrigin>> elsewhere_;
  std::vector<CopySource> sources_;
  ArchiveFiles archives_;
  CopyLook look_;
  EntrySet set_;
  std::optional<Tree> files_;  ///< of the set, once somebody has asked
  std::optional<Digest> content_;
  std::optional<EarlierLayer> earlier_;
  std::unique_ptr<Draft> early_draft_;  ///< null if nothing was written early
  plan::Ingredients ingredients_;
};

/// Stands for an archive that is not unpacked yet.
class EmptyOrigin : public FileOrigin {
 public:
  const RootfsView& view() const override { return view_; }
  std::vector<ContentDigest> digests(std::span<const RootfsView::Found>) override { return {}; }
  std::unique_ptr<Source> open(const RootfsView::Found&) override { return nullptr; }

 private:
  RootfsView view_;
};

CopyOperation::CopyOperation(const plan::CopyFiles& step, const Rootfs& parent,
                             const FindOrigin& find_origin, Engine& engine, const EarlyWork* early)
    : step_(step), parent_(parent), engine_(engine), look_(look_of(step, parent, engine)) {
  find_sources_of(find_origin);
  archives_ = find_archives(sources_, origin_.get(), step.archives);
  EmptyOrigin empty;
  set_ = find_set([&](const CopySource& source) -> FileOrigin* {
    return is_among(source, archives_) ? &empty : nullptr;
  });
  if (early != nullptr && archives_.empty() && set_.is_mostly_unknown()) {
    early_draft_ = write(set_.tree(), early->reporter, early->stop);
    set_.learn_contents(early_draft_->layer().tree);
  }
  set_.ask_contents();
  content_ = set_.digest(CompareTimes::no);
  list_ingredients();
}

void CopyOperation::find_sources_of(const FindOrigin& find_origin) {
  for (std::size_t i = 0; i < step_.sources.size(); ++i) {
    const std::string& source = step_.sources[i];
    if (const auto other = step_.elsewhere.find(i); other != step_.elsewhere.end()) {
      elsewhere_.push_back(find_origin(other->second));
      sources_.push_back(whole_source(*elsewhere_.back(), other->second, source));
      continue;
    }
    if (!origin_) origin_ = find_origin(step_.origin);
    for (CopySource& found : find_sources(step_, i, *origin_)) sources_.push_back(std::move(found));
  }
}

EntrySet CopyOperation::find_set(const FindArchive& find_archive) const {
  return copy_set(step_, sources_, origin_.get(), parent_.view(), look_, find_archive);
}

// The set of files has in it what the parent shows at the destination, and nothing else of the
// parent. Where an archive will land is only known to whoever unpacks it, so that such a step
// depends on the whole parent: dearer on a new base, but a warm build leaves the archive packed.
void CopyOperation::list_ingredients() {
  ingredients_.add("files", to_string(*content_));
  ingredients_.add("destination", step_.destination);
  if (step_.owner) ingredients_.add("owner", *step_.owner);
  if (step_.mode) ingredients_.add("mode", *step_.mode);
  if (archives_.empty()) return;
  const auto& chain = parent_.chain();
  ingredients_.add("parent", chain ? to_string(*chain) : "");
  json::array order;
  for (const CopySource& source : sources_)
    order.emplace_back(source.elsewhere ? source.address : source.path);
  ingredients_.add("sources", to_text(order));
  for (const auto& [label, archive] : archives_) {
    const auto digests = archive.origin->digests(std::span(&archive.file, 1));
    ingredients_.add(cat("archive ", label), to_string(digests.front()));
  }
}

std::unique_ptr<Draft> CopyOperation::write(Tree tree, const Reporter& reporter,
                                            const std::stop_token& stop) {
  const ContentOpener contents = [this](const Entry& entry) {
    return std::visit(OpenBytes{}, set_.bytes_of(entry.path));
  };
  return write_draft(std::move(tree), contents, engine_, reporter, stop,
                     earlier_ ? &*earlier_ : nullptr);
}

Tree CopyOperation::take_files() {
  Tree taken = files_ ? std::move(*files_) : set_.tree();
  files_.reset();
  set_.forget_contents();
  return taken;
}

std::unique_ptr<Draft> CopyOperation::execute(const Reporter& reporter, std::stop_token stop) {
  if (early_draft_) return std::move(early_draft_);
  std::optional<UnpackedArchives> unpacked;
  if (!archives_.empty()) {
    unpacked.emplace(archives_, engine_.store);
    set_ = find_set([&](const CopySource& source) { return unpacked->find(source); });
    set_.ask_contents();
  }
  auto draft = write(take_files(), reporter, stop);
  set_ = {};  // the draft has it all, and what follows needs the room
  return draft;
}

}  // namespace

std::unique_ptr<Operation> prepare_copy(const plan::CopyFiles& step, const Rootfs& parent,
                                        const FindOrigin& find_origin, Engine& engine,
                                        const EarlyWork* early) {
  return std::make_unique<CopyOperation>(step, parent, find_origin, engine, early);
}

}  // namespace strata::exec
