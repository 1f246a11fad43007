// A live picture on a terminal: finished steps stand above, each running step has one line below
// that is drawn again as time passes, with the last line its process wrote.

#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>

#include "print.hpp"
#include "progress.hpp"
#include "strata/base/text.hpp"

namespace strata::cli {

namespace {

constexpr auto redraw_interval = std::chrono::milliseconds(100);

std::size_t terminal_width() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 20) return 80;
  return size.ws_col;
}

/// Thread-safe: events come from the build, redraws from a thread of its own.
class TtyProgress : public build::Observer {
 public:
  explicit TtyProgress(Reasons reasons)
      : reasons_(reasons), redrawer_([this] { redraw_often(); }) {}

  ~TtyProgress() override {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    wake_.notify_one();
    redrawer_.join();
    const std::lock_guard lock(mutex_);
    erase_live_lines();
    flush();
  }

  void on_event(const build::Event& event) override {
    const std::lock_guard lock(mutex_);
    std::visit([this](const auto& happened) { tell(happened); }, event);
    if (!finished_lines_.empty()) draw();
  }

 private:
  using Clock = std::chrono::steady_clock;

  struct Step {
    std::string title;
    Clock::time_point start = Clock::now();
    std::string last_output;
    std::uint64_t bytes = 0;
    LineCutter cutter;
  };

  void redraw_often() {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, redraw_interval, [this] { return closing_; })) draw();
  }

  void finish(const build::StepId& id, std::string_view mark, std::string_view remark) {
    finished_lines_.push_back(cat(' ', mark, ' ', running_[id].title, remark));
    running_.erase(id);
  }

  void tell(const build::StepStarted& started) {
    running_[started.id].title = cat(step_position(started), ' ', started.text);
  }
  void tell(const build::StepCached& cached) { finish(cached.id, cached_text(cached), ""); }
  void tell(const build::StepMissed& missed) {
    const std::size_t shown = reasons_ == Reasons::all ? missed.reasons.size() : 1;
    for (std::size_t i = 0; i < shown; ++i)
      finished_lines_.push_back(
          cat("   not cached ", running_[missed.id].title, ": ", missed.reasons[i]));
  }
  void tell(const build::StepOutput& output) {
    Step& step = running_[output.id];
    for (std::string& line : step.cutter.take(output.text)) step.last_output = std::move(line);
  }
  void tell(const build::StepProgress& progress) { running_[progress.id].bytes = progress.bytes; }
  void tell(const build::StepDone& done) {
    std::string size = done.layer.empty() ? "" : cat(' ', human_size(done.blob_bytes));
    if (done.reused_bytes > 0) size += cat(", ", human_size(done.reused_bytes), " as before");
    finish(done.id, done.result == build::LayerResult::unchanged ? "SAME  " : "DONE  ",
           cat("  ", human_duration(done.duration_ms), size));
  }
  void tell(const build::StepFailed& failed) { finish(failed.id, "ERROR ", ""); }
  void tell(const build::Warned& warned) {
    finished_lines_.push_back(warning_line(warned.warning));
  }
  void tell(const build::Notice& notice) { finished_lines_.push_back(notice.text); }

  std::string live_line(const Step& step) const {
    const auto elapsed =
        std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - step.start);
    std::string line = cat(" ...    ", step.title, "  ",
                           human_duration(static_cast<std::uint64_t>(elapsed.count())));
    if (step.bytes > 0) line += cat(' ', human_size(step.bytes));
    if (!step.last_output.empty()) line += cat("  | ", step.last_output);
    return line;
  }

  void draw() {
    erase_live_lines();
    const std::size_t width = terminal_width() - 1;
    for (const std::string& line : finished_lines_) picture_ += one_line(line, width) + '\n';
    finished_lines_.clear();
    for (const auto& [id, step] : running_) picture_ += one_line(live_line(step), width) + '\n';
    live_lines_ = running_.size();
    flush();
  }

  /// Moves the cursor up to where the live lines began and clears from there.
  void erase_live_lines() {
    if (live_lines_ > 0) picture_ += cat("\x1b[", live_lines_, "A\x1b[J");
    live_lines_ = 0;
  }

  void flush() {
    std::fwrite(picture_.data(), 1, picture_.size(), stderr);
    picture_.clear();
  }

  Reasons reasons_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool closing_ = false;
  std::map<build::StepId, Step> running_;
  std::vector<std::string> finished_lines_;
  std::size_t live_lines_ = 0;
  std::string picture_;
  std::thread redrawer_;
};

}  // namespace

std::unique_ptr<build::Observer> make_tty_progress(Reasons reasons) {
  return std::make_unique<TtyProgress>(reasons);
}

}  // namespace strata::cli
