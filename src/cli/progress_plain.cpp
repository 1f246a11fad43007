// One line per event, each with its step's number in front: for logs.

#include <chrono>
#include <cstdio>

#include "progress.hpp"
#include "strata/base/text.hpp"

namespace strata::cli {

namespace {

std::string_view result_text(build::LayerResult result) {
  switch (result) {
    case build::LayerResult::written:
      return "";
    case build::LayerResult::known:
      return ", as another step had left it";
    case build::LayerResult::unchanged:
      return ", the same as before";
  }
  return "";
}

class PlainProgress : public build::Observer {
 public:
  explicit PlainProgress(Reasons reasons) : reasons_(reasons) {}

  void on_event(const build::Event& event) override {
    std::visit([this](const auto& happened) { tell(happened); }, event);
    std::fwrite(lines_.data(), 1, lines_.size(), stderr);
    lines_.clear();
  }

 private:
  using Clock = std::chrono::steady_clock;

  struct Step {
    std::size_t number;  ///< in the order in which steps began
    Clock::time_point start;
    LineCutter cutter;
  };

  Step& step(const build::StepId& id) {
    const auto next = Step{steps_.size() + 1, Clock::now(), {}};
    return steps_.try_emplace(id, next).first->second;
  }

  void line(const build::StepId& id, std::string_view text) {
    lines_ += cat('#', step(id).number, ' ', text, '\n');
  }

  void output_lines(const build::StepId& id, const std::vector<std::string>& lines) {
    const auto elapsed =
        std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - step(id).start);
    const auto ms = static_cast<std::uint64_t>(elapsed.count());
    const std::string fraction = cat(1000 + ms % 1000).substr(1);
    for (const std::string& text : lines) line(id, cat(ms / 1000, '.', fraction, ' ', text));
  }

  void tell(const build::StepStarted& started) {
    if (!steps_.empty()) lines_ += '\n';
    line(started.id, cat(step_position(started), ' ', started.text));
  }
  void tell(const build::StepCached& cached) { line(cached.id, cached_text(cached)); }
  void tell(const build::StepMissed& missed) {
    line(missed.id, cat("not cached: ", missed.reasons.front()));
    if (reasons_ == Reasons::first) return;
    for (std::size_t i = 1; i < missed.reasons.size(); ++i)
      line(missed.id, cat("            ", missed.reasons[i]));
  }
  void tell(const build::StepOutput& output) {
    output_lines(output.id, step(output.id).cutter.take(output.text));
  }
  void tell(const build::StepProgress&) {}
  void tell(const build::StepDone& done) {
    output_lines(done.id, step(done.id).cutter.rest());
    const std::string layer =
        done.layer.empty() ? "" : cat(", layer ", done.layer, ' ', human_size(done.blob_bytes));
    const std::string reused =
        done.reused_bytes == 0 ? "" : cat(", ", human_size(done.reused_bytes), " of it as before");
    line(done.id,
         cat("DONE ", human_duration(done.duration_ms), layer, reused, result_text(done.result)));
  }
  void tell(const build::StepFailed& failed) {
    output_lines(failed.id, step(failed.id).cutter.rest());
    line(failed.id, cat("ERROR: ", failed.message));
  }
  void tell(const build::Warned& warned) { lines_ += cat(warning_line(warned.warning), '\n'); }
  void tell(const build::Notice& notice) { lines_ += cat(notice.text, '\n'); }

  Reasons reasons_;
  std::map<build::StepId, Step> steps_;
  std::string lines_;
};

}  // namespace

std::unique_ptr<build::Observer> make_plain_progress(Reasons reasons) {
  return std::make_unique<PlainProgress>(reasons);
}

}  // namespace strata::cli
