#include "stage_run.hpp"

#include <chrono>

#include "strata/base/stop.hpp"
#include "strata/base/text.hpp"
#include "strata/cache/explain.hpp"

namespace strata::build {

namespace {

std::string describe_base_change(const plan::Base& base) {
  if (const auto* image = std::get_if<plan::BaseImage>(&base))
    return cat("the base image ", image->name, " changed");
  return "the stage below changed";
}

std::uint64_t milliseconds_since(std::chrono::steady_clock::time_point start) {
  const auto elapsed = std::chrono::steady_clock::now() - start;
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count());
}

/// A list that is too long to be worth its place on the disk is left out.
std::map<std::string, std::string> encode_trees(const exec::NamedTrees& trees) {
  constexpr std::size_t size_max = 1 << 20;
  std::map<std::string, std::string> encoded;
  for (const auto& [name, tree] : trees) {
    std::string bytes = encode_tree(tree);
    if (bytes.size() <= size_max) encoded.emplace(name, std::move(bytes));
  }
  return encoded;
}

std::string short_layer(const cache::Record& record) {
  return record.layer ? record.layer->diff_id.digest().short_hex() : std::string();
}

}  // namespace

StageRun::StageRun(std::size_t stage, StageState begin, Workshop& workshop, std::stop_token stop)
    : stage_number_(stage),
      stage_(workshop.plan.stages[stage]),
      state_(std::move(begin)),
      workshop_(workshop),
      stop_(std::move(stop)),
      layer_change_(describe_base_change(stage_.base)),
      last_change_(layer_change_) {}

StageState StageRun::run() {
  announce(stage_.text);
  if (spans_.log != nullptr)
    spans_.log->add({"wait", spans_.step, 0, workshop_.begun, Span::Clock::now(), {}});
  workshop_.post(StepCached{id(), {}});
  for (const plan::Step& step : stage_.steps) {
    throw_if_stopped(stop_);
    ++number_;
    try {
      run_step(step);
    } catch (const store::PromiseBroken&) {
      throw;  // not the step's fault: it can be done without what was promised
    } catch (const Error& error) {
      workshop_.post(StepFailed{id(), error.what()});
      throw StepError(error, step.lines, step.text);
    }
  }
  return std::move(state_);
}

void StageRun::run_step(const plan::Step& step) {
  announce(step.text);
  missed_ = false;
  const auto* edit_config = std::get_if<plan::EditConfig>(&step.operation);
  take(step, edit_config ? edit(step, *edit_config) : make_layer(step));
}

cache::Record StageRun::edit(const plan::Step& step, const plan::EditConfig& edit) {
  const SpanTimer timer(spans_, "look-up");
  plan::Ingredients ingredients;
  ingredients.add("parent", to_string(state_.digest()));
  ingredients.add("instruction", edit.effect);
  ingredients = complete(std::move(ingredients));
  if (auto record = find_cached(ingredients, nullptr)) return std::move(*record);

  cache::Record record;
  record.text = step.text;
  record.ingredients = std::move(ingredients);
  record.created = workshop_.options.epoch.value_or(now());
  record = remember(record);
  workshop_.post(StepDone{id(), 0, {}, 0, LayerResult::written});
  return record;
}

cache::Record StageRun::make_layer(const plan::Step& step) {
  const auto find_origin = [this](const plan::Origin& origin) {
    return workshop_.origins.find(origin);
  };
  const auto start = std::chrono::steady_clock::now();
  const exec::Reporter reporter = make_reporter();
  const exec::EarlyWork early{reporter, stop_};
  const bool is_early = expects_miss();
  std::optional<SpanTimer> timer;
  // What is written early is told as that, and not as look-up too.
  if (!is_early) timer.emplace(spans_, "look-up");
  const auto operation = exec::prepare(step, state_.rootfs, find_origin, workshop_.engine,
                                       is_early ? &early : nullptr);
  if (is_early) timer.emplace(spans_, "look-up");
  plan::Ingredients ingredients = complete(operation->ingredients());
  if (auto record = find_cached(ingredients, operation.get())) return std::move(*record);
  timer.reset();
  return execute(step, *operation, std::move(ingredients), start);
}

bool StageRun::expects_miss() const { return stage_.no_cache || !workshop_.cache.may_know(slot()); }

exec::Reporter StageRun::make_reporter() const {
  return {[this](sandbox::OutputStream stream, std::string_view text) {
            workshop_.post(StepOutput{id(), stream, std::string(text)});
          },
          [this](std::uint64_t bytes) {
            workshop_.post(StepProgress{id(), bytes});
          },
          spans_};
}

std::optional<cache::Record> StageRun::find_cached(const plan::Ingredients& ingredients,
                                                   exec::Operation* operation) {
  if (!stage_.no_cache) {
    const CacheKey key = ingredients.key();
    if (auto record = workshop_.cache.find(key)) return take_cached(std::move(*record), {});
    if (auto shared = workshop_.cache.find_shared(key, stop_))
      return take_cached(std::move(shared->record), shared->place);
  }
  missed_ = true;
  workshop_.post(StepMissed{id(), reasons(ingredients, operation)});
  return std::nullopt;
}

cache::Record StageRun::take_cached(cache::Record record, const std::string& place) {
  workshop_.cache.touch(slot(), record.key());
  workshop_.post(StepCached{id(), short_layer(record), place});
  return record;
}

std::vector<std::string> StageRun::reasons(const plan::Ingredients& ingredients,
                                           exec::Operation* operation) const {
  if (stage_.no_cache) return {"the cache was not asked (--no-cache)"};
  const auto before = workshop_.cache.find_previous(slot());
  if (!before) return {"this step has not been built before"};
  std::shared_ptr<const LayerTree> layer_before;
  const Tree* written = operation && before->layer ? operation->files() : nullptr;
  if (written) layer_before = workshop_.engine.store.layers().find_tree(before->layer->diff_id);
  return cache::explain_miss(*before, ingredients,
                             {layer_before ? &layer_before->tree : nullptr, written,
                              operation ? operation->sources() : nullptr},
                             before->layer ? layer_change_ : last_change_);
}

cache::Record StageRun::execute(const plan::Step& step, exec::Operation& operation,
                                plan::Ingredients ingredients,
                                std::chrono::steady_clock::time_point start) {
  auto [record, result, reused_bytes] = obtain(operation, ingredients);
  record.text = step.text;
  record.ingredients = std::move(ingredients);
  record.duration_ms = milliseconds_since(start);
  record.trees.clear();
  if (operation.sources()) record.trees = encode_trees(*operation.sources());
  record = remember(record);
  if (result == LayerResult::written)
    workshop_.cache.note_content(record, workshop_.engine.compression);
  missed_ = result != LayerResult::unchanged;
  workshop_.post(StepDone{id(), record.duration_ms, short_layer(record), record.layer->blob.size,
                          result, reused_bytes});
  return record;
}

StageRun::Obtained StageRun::obtain(exec::Operation& operation,
                                    const plan::Ingredients& ingredients) {
  const auto expected = stage_.no_cache ? std::nullopt : operation.content();
  if (expected) {
    if (auto before = same_as_before(ingredients, *expected))
      return {std::move(*before), LayerResult::unchanged};
    if (auto known = find_layer(operation, *expected))
      return {std::move(*known), LayerResult::known};
  }
  if (!stage_.no_cache) {
    const auto previous = workshop_.cache.find_previous(slot());
    if (previous && previous->layer) operation.take_earlier(*previous->layer);
  }
  const auto draft = operation.execute(make_reporter(), stop_);
  const Digest content = expected ? *expected : tree_digest(draft->layer().tree, CompareTimes::no);
  if (!expected) {
    if (auto before = same_as_before(ingredients, content))
      return {std::move(*before), LayerResult::unchanged};
  }
  const SpanTimer timer(spans_, "commit");
  cache::Record record;
  record.layer = draft->commit();
  record.content = content;
  record.created = workshop_.options.epoch.value_or(now());
  return {std::move(record), LayerResult::written, draft->reused_size()};
}

// The bytes of a layer depend on the tree, the contents and the compression alone: where these are
// known to be the same, writing it once more would give the same blob.
std::optional<cache::Record> StageRun::find_layer(exec::Operation& operation,
                                                  const Digest& content) const {
  auto record = workshop_.cache.find_content(content, workshop_.engine.compression);
  const Tree* written = record ? operation.files() : nullptr;
  if (!written) return std::nullopt;
  const auto layer = workshop_.engine.store.layers().find_tree(record->layer->diff_id);
  if (!layer ||
      tree_digest(layer->tree, CompareTimes::yes) != tree_digest(*written, CompareTimes::yes))
    return std::nullopt;
  record->created = workshop_.options.epoch.value_or(now());
  return record;
}

// Early cut-off. A step that ran again and wrote what it had written before, but for times, takes
// its earlier layer: the ChainId stays what it was, and the steps after it find their records.
std::optional<cache::Record> StageRun::same_as_before(const plan::Ingredients& ingredients,
                                                      const Digest& content) const {
  const auto previous = workshop_.cache.find_previous(slot());
  if (!previous || previous->content != content) return std::nullopt;
  const auto epoch_of = [](const plan::Ingredients& list) {
    const std::string* epoch = list.find("epoch");
    return epoch ? *epoch : std::string();
  };
  if (epoch_of(previous->ingredients) != epoch_of(ingredients)) return std::nullopt;
  return workshop_.cache.find(previous->key());
}

cache::Record StageRun::remember(const cache::Record& record) const {
  if (!stage_.no_cache) return workshop_.cache.put_or_take(slot(), record);
  workshop_.cache.put(slot(), record);
  return record;
}

void StageRun::take(const plan::Step& step, cache::Record found) {
  const auto shared = std::make_shared<const cache::Record>(std::move(found));
  const cache::Record& record = *shared;
  if (missed_) {
    last_change_ = cat("the result of ", quoted(step.text), " above changed");
    if (record.layer) layer_change_ = last_change_;
  }
  add_history(step, record);
  state_.records.push_back(shared);
  const auto* edit = std::get_if<plan::EditConfig>(&step.operation);
  state_.say(edit ? edit->effect : step.created_by);
  if (!record.layer) return;
  state_.rootfs.add(*record.layer, workshop_.engine.store.layers().lazy_tree(*record.layer));
}

// ONBUILD alone leaves no trace in the history: it has no text there.
void StageRun::add_history(const plan::Step& step, const cache::Record& record) {
  if (step.created_by.empty()) return;
  oci::HistoryEntry entry;
  entry.created = record.created;
  entry.created_by = step.created_by;
  entry.comment = "strata";
  entry.empty_layer = !record.layer;
  state_.history.push_back(std::move(entry));
}

StepId StageRun::id() const { return {workshop_.options.stages_before + stage_number_, number_}; }

void StageRun::announce(const std::string& text) {
  text_ = text;
  std::vector<std::string> labels;
  if (!workshop_.options.label.empty()) labels.push_back(workshop_.options.label);
  if (workshop_.plan.stages.size() > 1) labels.push_back(stage_.label());
  const std::string stage = join(labels, " ");
  if (workshop_.options.spans != nullptr)
    spans_ = {workshop_.options.spans, cat('[', stage, stage.empty() ? "" : " ", number_, '/',
                                           stage_.steps.size() + 1, "] ", text)};
  workshop_.post(StepStarted{id(), stage, stage_.steps.size() + 1, text});
}

cache::Slot StageRun::slot() const {
  return {workshop_.options.dockerfile_id, stage_.label(), number_, text_};
}

plan::Ingredients StageRun::complete(plan::Ingredients ingredients) const {
  if (const auto& epoch = workshop_.options.epoch) ingredients.add("epoch", rfc3339(*epoch));
  return ingredients;
}

}  // namespace strata::build
