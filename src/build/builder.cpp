#include "strata/build/builder.hpp"

#include <algorithm>
#include <exception>
#include <set>
#include <thread>

#include "check.hpp"
#include "stage_run.hpp"
#include "strata/base/mailbox.hpp"

namespace strata::build {

namespace {

struct StageFinished {
  std::size_t stage;
  StageState state;
};
struct StageFailed {
  std::size_t stage;
  std::exception_ptr error;
};
using Message = std::variant<Event, StageFinished, StageFailed>;

enum class Progress { waiting, running, finished };

void add_image(const std::shared_ptr<const oci::Image>& image, std::vector<oci::Image>& images) {
  const auto is_it = [&](const oci::Image& known) {
    return known.descriptor.digest == image->descriptor.digest;
  };
  if (std::none_of(images.begin(), images.end(), is_it)) images.push_back(*image);
}

std::vector<oci::Image> images_of(const plan::Plan& plan) {
  std::vector<oci::Image> images;
  for (const plan::Stage& stage : plan.stages) {
    if (const auto* base = std::get_if<plan::BaseImage>(&stage.base))
      add_image(base->image, images);
    for (const plan::Step& step : stage.steps)
      for (const plan::Origin* origin : plan::origins_of(step.operation))
        if (const auto* from = std::get_if<plan::FromImage>(origin)) add_image(from->image, images);
  }
  return images;
}

/// Owns the build: which stages wait, run and are finished. All of it happens in the thread that
/// calls `run`; workers only post messages.
class Build {
 public:
  Build(const plan::Plan& plan, const Options& options, const OpenPlace& open_place,
        exec::Engine& engine, cache::SharedRecords* shared, Observer& observer,
        std::stop_token stop)
      : plan_(plan),
        options_(options),
        cache_(engine.store, shared),
        origins_(open_place, opening(), engine.store),
        workshop_{plan,
                  options,
                  engine,
                  cache_,
                  origins_,
                  [this](Event event) { mailbox_.post(std::move(event), Urgency::soon); },
                  Span::Clock::now()},
        observer_(observer),
        pass_stop_(std::move(stop), [this] { stop_.request_stop(); }),
        progress_(plan.stages.size(), Progress::waiting),
        states_(plan.stages.size()) {}

  Built run() {
    try {
      run_stages();
    } catch (...) {
      stop_.request_stop();  // those that run are waited for
      throw;
    }
    threads_.clear();
    if (failure_) std::rethrow_exception(failure_);
    const StageState& target = states_[plan_.target];
    return {make_stage_image(plan_.target_stage(), target), target.records, all_records(),
            images_of(plan_)};
  }

 private:
  void run_stages() {
    check_sources(plan_, origins_);
    start_ready_stages();
    while (running_ > 0)
      for (Message& message : mailbox_.take())
        std::visit([this](auto& taken) { handle(std::move(taken)); }, message);
  }

  Opening opening() {
    return {
        [this](std::string text) { mailbox_.post(Event(Notice{std::move(text)}), Urgency::soon); },
        stop_.get_token()};
  }

  void handle(Event event) { observer_.on_event(event); }

  void handle(StageFinished message) {
    --running_;
    progress_[message.stage] = Progress::finished;
    states_[message.stage] = std::move(message.state);
    origins_.add_stage(message.stage, states_[message.stage].rootfs);
    start_ready_stages();
  }

  void handle(StageFailed message) {
    --running_;
    // What fails after the first failure does so because it was told to stop.
    if (!failure_) failure_ = message.error;
    stop_.request_stop();
  }

  void start_ready_stages() {
    for (std::size_t stage = 0; stage < plan_.stages.size(); ++stage)
      if (running_ < options_.stages_at_once && is_ready(stage)) start(stage);
  }

  /// Each once: a stage's records begin with those of the stage it stands on.
  std::vector<cache::RecordPointer> all_records() const {
    std::vector<cache::RecordPointer> all;
    std::set<cache::RecordPointer> seen;
    for (const StageState& state : states_)
      for (const cache::RecordPointer& record : state.records)
        if (seen.insert(record).second) all.push_back(record);
    return all;
  }

  bool is_ready(std::size_t stage) const {
    if (failure_ || progress_[stage] != Progress::waiting) return false;
    for (const std::size_t needed : plan_.stages[stage].needs())
      if (progress_[needed] != Progress::finished) return false;
    return true;
  }

  void start(std::size_t stage) {
    progress_[stage] = Progress::running;
    ++running_;
    StageState begin = begin_state(plan_.stages[stage].base, states_, workshop_.engine.store);
    threads_.emplace_back([this, stage, state = std::move(begin)]() mutable {
      try {
        StageRun run(stage, std::move(state), workshop_, stop_.get_token());
        mailbox_.post(StageFinished{stage, run.run()});
      } catch (...) {
        mailbox_.post(StageFailed{stage, std::current_exception()});
      }
    });
  }

  const plan::Plan& plan_;
  const Options& options_;
  Mailbox<Message> mailbox_;
  std::stop_source stop_;
  cache::Cache cache_;
  Origins origins_;
  Workshop workshop_;
  Observer& observer_;
  std::stop_callback<std::function<void()>> pass_stop_;
  std::vector<Progress> progress_;
  std::vector<StageState> states_;
  std::size_t running_ = 0;
  std::exception_ptr failure_;
  std::vector<std::jthread> threads_;
};

}  // namespace

Built build(const plan::Plan& plan, const Options& options, const OpenPlace& open_place,
            exec::Engine& engine, cache::SharedRecords* shared, Observer& observer,
            std::stop_token stop) {
  return Build(plan, options, open_place, engine, shared, observer, std::move(stop)).run();
}

}  // namespace strata::build
