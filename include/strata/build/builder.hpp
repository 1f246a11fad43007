#pragma once
/// Doing a plan: stages side by side as far as they do not need each other, the steps of a stage in
/// order, each from the cache if it can be.
///
/// One thread runs the build and owns its state. Each stage is built by a worker that gets copies
/// of what the stages before it left, and answers through one mailbox; the first failure stops the
/// rest.

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "strata/base/error.hpp"
#include "strata/base/span_log.hpp"
#include "strata/build/events.hpp"
#include "strata/cache/shared_records.hpp"
#include "strata/exec/operation.hpp"
#include "strata/oci/image.hpp"
#include "strata/plan/plan.hpp"

namespace strata::build {

struct Options {
  unsigned stages_at_once = 4;
  /// Names this Dockerfile among others, for explaining misses: its path, say.
  std::string dockerfile_id;
  /// SOURCE_DATE_EPOCH: the time of everything that is made.
  std::optional<Time> epoch;
  /// Of several builds that are shown as one: what this one is called in front of its stages, and
  /// how many stages were counted before its own.
  std::string label;
  std::size_t stages_before = 0;
  SpanLog* spans = nullptr;  ///< where the work of the steps is noted; borrowed, may be null
};

/// What the opening of a place has to tell, as a notice, and when it has to end.
struct Opening {
  std::function<void(std::string)> tell;
  std::stop_token stop;
};
/// Opens what lies outside of plan and store, when the first step needs it: FromContext, FromUrl or
/// FromGit. Called from several threads, but never twice for one place.
using OpenPlace =
    std::function<std::shared_ptr<FileOrigin>(const plan::Origin& place, const Opening& opening)>;

/// What a build gives.
struct Built {
  oci::Image image;
  /// Of the target's steps and of those of the stages it stands on, in their order.
  std::vector<cache::RecordPointer> own_records;
  /// Of the steps of all stages.
  std::vector<cache::RecordPointer> all_records;
  /// The images that the stages stand on or take files from, each once.
  std::vector<oci::Image> images;
};

/// Builds the target of the plan. Its layers and documents are in the store afterwards, but no name
/// is given to it (see store::Images::put); of steps that were found in `shared`, which may be
/// null, the layers may only be promised to the store. Throws PlanError before the first step runs,
/// StepError for a step that failed, store::PromiseBroken.
Built build(const plan::Plan& plan, const Options& options, const OpenPlace& open_place,
            exec::Engine& engine, cache::SharedRecords* shared, Observer& observer,
            std::stop_token stop);

/// What is wrong with steps, known before any ran: sources that are not in the context or the image
/// they are to be copied from. All of it at once, in the order of the plan.
class PlanError : public Error {
 public:
  struct Mistake {
    plan::Lines lines;
    Error error;
  };
  explicit PlanError(std::vector<Mistake> mistakes)
      : Error(mistakes.front().error), mistakes_(std::move(mistakes)) {}
  const std::vector<Mistake>& mistakes() const { return mistakes_; }

 private:
  std::vector<Mistake> mistakes_;
};

/// A step's failure on its way to the user: where it happened.
class StepError : public Error {
 public:
  StepError(const Error& cause, plan::Lines lines, std::string step)
      : Error(cause), lines_(lines), step_(std::move(step)) {}
  plan::Lines lines() const { return lines_; }
  const std::string& step() const { return step_; }

 private:
  plan::Lines lines_;
  std::string step_;
};

}  // namespace strata::build
