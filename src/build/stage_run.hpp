#pragma once
/// Builds one stage: its steps in order, each from the cache if it can be.

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "origins.hpp"
#include "stage_state.hpp"
#include "strata/build/builder.hpp"
#include "strata/cache/cache.hpp"

namespace strata::build {

/// What all stages of one build share. Borrowed; safe to use from several threads.
struct Workshop {
  const plan::Plan& plan;
  const Options& options;
  exec::Engine& engine;
  cache::Cache& cache;
  Origins& origins;
  std::function<void(Event)> post;
  Span::Clock::time_point begun;  ///< when the build began
};

/// Lives in one thread.
class StageRun {
 public:
  StageRun(std::size_t stage, StageState begin, Workshop& workshop, std::stop_token stop);

  /// Throws StepError for the step that failed.
  StageState run();

 private:
  void run_step(const plan::Step& step);
  cache::Record edit(const plan::Step& step, const plan::EditConfig& edit);
  cache::Record make_layer(const plan::Step& step);
  /// `start` is when the step's work began.
  cache::Record execute(const plan::Step& step, exec::Operation& operation,
                        plan::Ingredients ingredients, std::chrono::steady_clock::time_point start);
  /// The layer of a step that is not cached, in a record that does not tell of the step yet.
  struct Obtained {
    cache::Record record;
    LayerResult result;
    std::uint64_t reused_bytes = 0;
  };
  Obtained obtain(exec::Operation& operation, const plan::Ingredients& ingredients);
  /// The layer that the operation would write, where another step has left it.
  std::optional<cache::Record> find_layer(exec::Operation& operation, const Digest& content) const;
  bool expects_miss() const;
  exec::Reporter make_reporter() const;
  /// `operation` tells what it works on, should a miss have to be explained; null if nothing.
  std::optional<cache::Record> find_cached(const plan::Ingredients& ingredients,
                                           exec::Operation* operation);
  cache::Record take_cached(cache::Record record, const std::string& place);
  std::vector<std::string> reasons(const plan::Ingredients& ingredients,
                                   exec::Operation* operation) const;
  std::optional<cache::Record> same_as_before(const plan::Ingredients& ingredients,
                                              const Digest& content) const;
  /// Puts the record of the step at work into the cache; returns the one that stands there.
  cache::Record remember(const cache::Record& record) const;
  void take(const plan::Step& step, cache::Record found);
  void add_history(const plan::Step& step, const cache::Record& record);

  StepId id() const;
  void announce(const std::string& text);
  cache::Slot slot() const;
  /// The step's own ingredients and those that the whole build adds.
  plan::Ingredients complete(plan::Ingredients ingredients) const;

  std::size_t stage_number_;
  const plan::Stage& stage_;
  StageState state_;
  Workshop& workshop_;
  std::stop_token stop_;

  std::size_t number_ = 1;    ///< of the step at work, as people count: FROM is 1
  std::string text_;          ///< of the step at work
  SpanScope spans_;           ///< of the step at work
  bool missed_ = false;       ///< whether the step at work had to run
  std::string layer_change_;  ///< what changed the layers below, for explaining misses
  std::string last_change_;   ///< what changed anything at all
};

}  // namespace strata::build
