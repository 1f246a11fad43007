// One JSON object per line and event: for programs. JSON is UTF-8; what a process wrote may not be.

#include <chrono>
#include <cstdio>

#include "progress.hpp"
#include "strata/base/json.hpp"
#include "strata/base/time.hpp"
#include "strata/base/utf8.hpp"

namespace strata::cli {

namespace {

class JsonProgress : public build::Observer {
 public:
  void on_event(const build::Event& event) override {
    json::object line;
    line["time"] = rfc3339(now());
    std::visit([&line](const auto& happened) { describe(happened, line); }, event);
    const std::string text = to_text(line) + '\n';
    std::fwrite(text.data(), 1, text.size(), stderr);
  }

 private:
  static void put_step(const build::StepId& id, const char* what, json::object& line) {
    line["event"] = what;
    line["stage"] = id.stage;
    line["step"] = id.number;
  }

  static void describe(const build::StepStarted& started, json::object& line) {
    put_step(started.id, "started", line);
    line["stage_name"] = started.stage;
    line["steps"] = started.count;
    line["text"] = valid_utf8(started.text);
  }
  static void describe(const build::StepCached& cached, json::object& line) {
    put_step(cached.id, "cached", line);
    line["layer"] = cached.layer;
    if (!cached.place.empty()) line["from"] = valid_utf8(cached.place);
  }
  static void describe(const build::StepMissed& missed, json::object& line) {
    put_step(missed.id, "missed", line);
    json::array& reasons = line["reasons"].emplace_array();
    for (const std::string& reason : missed.reasons) reasons.emplace_back(valid_utf8(reason));
  }
  static void describe(const build::StepOutput& output, json::object& line) {
    put_step(output.id, "output", line);
    line["stream"] = output.stream == sandbox::OutputStream::out ? "stdout" : "stderr";
    line["text"] = valid_utf8(output.text);
  }
  static void describe(const build::StepProgress& progress, json::object& line) {
    put_step(progress.id, "progress", line);
    line["bytes"] = progress.bytes;
  }
  static void describe(const build::StepDone& done, json::object& line) {
    put_step(done.id, "done", line);
    line["duration_ms"] = done.duration_ms;
    line["layer"] = done.layer;
    line["blob_bytes"] = done.blob_bytes;
    line["reused_bytes"] = done.reused_bytes;
    line["unchanged"] = done.result == build::LayerResult::unchanged;
    line["known"] = done.result == build::LayerResult::known;
  }
  static void describe(const build::StepFailed& failed, json::object& line) {
    put_step(failed.id, "failed", line);
    line["message"] = valid_utf8(failed.message);
  }
  static void describe(const build::Warned& warned, json::object& line) {
    const dockerfile::Warning& warning = warned.warning;
    const dockerfile::RuleText& rule = dockerfile::rule_text(warning.rule);
    line["event"] = rule.kind == dockerfile::RuleKind::hint ? "hint" : "warning";
    line["rule"] = rule.name;
    line["line"] = warning.lines.first_line;
    line["message"] = valid_utf8(warning.message);
    line["url"] = dockerfile::rule_url(warning.rule);
  }
  static void describe(const build::Notice& notice, json::object& line) {
    line["event"] = "notice";
    line["text"] = valid_utf8(notice.text);
  }
};

}  // namespace

std::unique_ptr<build::Observer> make_json_progress() { return std::make_unique<JsonProgress>(); }

}  // namespace strata::cli
