#pragma once
/// What a build says while it runs. Events come in order, from the thread that runs the build.

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "strata/dockerfile/file.hpp"
#include "strata/sandbox/run.hpp"

namespace strata::build {

/// A step of the plan, counted as people do. Number 1 of a stage is its FROM.
struct StepId {
  std::size_t stage = 0;   ///< index in Plan::stages
  std::size_t number = 1;  ///< from 1 to `StepStarted::count`
  friend auto operator<=>(const StepId&, const StepId&) = default;
};

struct StepStarted {
  StepId id;
  std::string stage;  ///< the stage's label; empty if the plan has one stage only
  std::size_t count;  ///< steps of the stage, FROM included
  std::string text;
};
/// The step will not run: its result is at hand.
struct StepCached {
  StepId id;
  std::string layer;       ///< short DiffId; empty for a metadata-only layer
  std::string place = {};  ///< the shared cache it was found in; empty for the store's own
};
/// The step has to run. `reasons` is never empty, and the first one is what decided.
struct StepMissed {
  StepId id;
  std::vector<std::string> reasons;
};
struct StepOutput {
  StepId id;
  sandbox::OutputStream stream;
  std::string text;  ///< as written by the process, any bytes
};
struct StepProgress {
  StepId id;
  std::uint64_t bytes;  ///< taken up so far
};
enum class LayerResult {
  written,
  known,      ///< another step had left just this layer, which was taken
  unchanged,  ///< what the step had given before: the steps after it see no change
};
struct StepDone {
  StepId id;
  std::uint64_t duration_ms;
  std::string layer;               ///< short DiffId; empty for a metadata-only layer
  std::uint64_t blob_bytes;        ///< size of its blob
  LayerResult result;              ///< `written` for a metadata-only layer
  std::uint64_t reused_bytes = 0;  ///< of its blob, out of the step's last layer
};
struct StepFailed {
  StepId id;
  std::string message;
};
/// A finding of the build checks or a hint.
struct Warned {
  dockerfile::Warning warning;
};
/// Something to tell that belongs to no step.
struct Notice {
  std::string text;
};

using Event = std::variant<StepStarted, StepCached, StepMissed, StepOutput, StepProgress, StepDone,
                           StepFailed, Warned, Notice>;

class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on_event(const Event& event) = 0;
};

}  // namespace strata::build
