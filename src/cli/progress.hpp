#pragma once
/// How a running build is shown, on standard error.

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "strata/build/events.hpp"

namespace strata::cli {

/// Whether only the first reason of a miss is told or all of them (--explain).
enum class Reasons { first, all };

/// "auto" (tty on a terminal, else plain), "tty", "plain", "json", "quiet". Throws Error usage.
std::unique_ptr<build::Observer> make_progress(const std::string& mode, Reasons reasons);

/// Cuts a stream of pieces into lines. The last line comes with `rest` even without a newline.
class LineCutter {
 public:
  std::vector<std::string> take(std::string_view piece);
  std::vector<std::string> rest();

 private:
  std::string unfinished_;
};

/// Hands every event to several observers.
class Observers : public build::Observer {
 public:
  explicit Observers(std::vector<build::Observer*> observers) : observers_(std::move(observers)) {}
  void on_event(const build::Event& event) override {
    for (build::Observer* observer : observers_) observer->on_event(event);
  }

 private:
  std::vector<build::Observer*> observers_;
};

/// Hands every event to a function.
class CallbackObserver : public build::Observer {
 public:
  explicit CallbackObserver(std::function<void(const build::Event&)> take)
      : take_(std::move(take)) {}
  void on_event(const build::Event& event) override { take_(event); }

 private:
  std::function<void(const build::Event&)> take_;
};

/// Keeps the last lines that each step's process wrote, for the error message if it fails.
class OutputTail : public build::Observer {
 public:
  void on_event(const build::Event& event) override;
  /// Of the step that failed first; empty if none did or it wrote nothing.
  std::vector<std::string> failed_lines() const;

 private:
  static constexpr std::size_t lines_max = 20;
  void keep(const build::StepId& step, std::vector<std::string> lines);

  std::map<build::StepId, LineCutter> cutters_;
  std::map<build::StepId, std::deque<std::string>> tails_;
  std::vector<std::string> failed_lines_;
  bool failed_ = false;
};

/// " - UndefinedVar: Usage of … (line 3)".
std::string warning_line(const dockerfile::Warning& warning);

/// "CACHED", and where from if that is not the store.
std::string cached_text(const build::StepCached& cached);

/// "[stage 2/5]", or "[2/5]" in a build of one stage.
std::string step_position(const build::StepStarted& started);

std::unique_ptr<build::Observer> make_plain_progress(Reasons reasons);
std::unique_ptr<build::Observer> make_tty_progress(Reasons reasons);
std::unique_ptr<build::Observer> make_json_progress();

}  // namespace strata::cli
