#include "progress.hpp"

#include <unistd.h>

#include <array>

#include "session.hpp"
#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

namespace strata::cli {

namespace {

class QuietProgress : public build::Observer {
 public:
  void on_event(const build::Event&) override {}
};

bool is_terminal() {
  const auto kind = find_variable("TERM");
  return isatty(STDERR_FILENO) == 1 && kind && *kind != "dumb";
}

}  // namespace

std::unique_ptr<build::Observer> make_progress(const std::string& mode, Reasons reasons) {
  if (mode == "auto") return make_progress(is_terminal() ? "tty" : "plain", reasons);
  if (mode == "tty") return make_tty_progress(reasons);
  if (mode == "plain") return make_plain_progress(reasons);
  if (mode == "json") return make_json_progress();
  if (mode == "quiet") return std::make_unique<QuietProgress>();
  fail(ErrorKind::usage, "--progress: expected auto, tty, plain, json or quiet, found ",
       quoted(mode));
}

std::vector<std::string> LineCutter::take(std::string_view piece) {
  std::vector<std::string> lines;
  for (std::size_t newline; (newline = piece.find('\n')) != std::string_view::npos;) {
    unfinished_ += piece.substr(0, newline);
    lines.push_back(std::move(unfinished_));
    unfinished_.clear();
    piece.remove_prefix(newline + 1);
  }
  unfinished_ += piece;
  return lines;
}

std::vector<std::string> LineCutter::rest() {
  if (unfinished_.empty()) return {};
  return {std::exchange(unfinished_, {})};
}

void OutputTail::on_event(const build::Event& event) {
  if (const auto* output = std::get_if<build::StepOutput>(&event)) {
    keep(output->id, cutters_[output->id].take(output->text));
  } else if (const auto* done = std::get_if<build::StepDone>(&event)) {
    cutters_.erase(done->id);
    tails_.erase(done->id);
  } else if (const auto* step = std::get_if<build::StepFailed>(&event); step && !failed_) {
    failed_ = true;
    keep(step->id, cutters_[step->id].rest());
    const auto& tail = tails_[step->id];
    failed_lines_.assign(tail.begin(), tail.end());
  }
}

void OutputTail::keep(const build::StepId& step, std::vector<std::string> lines) {
  auto& tail = tails_[step];
  for (std::string& line : lines) {
    tail.push_back(std::move(line));
    if (tail.size() > lines_max) tail.pop_front();
  }
}

std::vector<std::string> OutputTail::failed_lines() const { return failed_lines_; }

std::string warning_line(const dockerfile::Warning& warning) {
  return cat(" - ", dockerfile::rule_text(warning.rule).name, ": ", warning.message, " (line ",
             warning.lines.first_line, ")");
}

std::string cached_text(const build::StepCached& cached) {
  return cached.place.empty() ? "CACHED" : cat("CACHED from ", cached.place);
}

std::string step_position(const build::StepStarted& started) {
  const std::string count = cat(started.id.number, '/', started.count);
  return started.stage.empty() ? cat('[', count, ']') : cat('[', started.stage, ' ', count, ']');
}

}  // namespace strata::cli
