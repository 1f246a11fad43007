#include "epoch.hpp"

#include <charconv>

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"
#include "strata/dockerfile/excerpt.hpp"
#include "strata/dockerfile/stages.hpp"
#include "strata/plan/epoch.hpp"
#include "strata/plan/plan.hpp"

namespace strata::cli {

namespace {

/// Nanoseconds of it still fit into 64 bits.
constexpr std::int64_t seconds_max = 9'223'372'036;

/// A named time on its way to a number.
class NamedEpoch {
 public:
  NamedEpoch(const dockerfile::File& file, const plan::EpochText& epoch,
             const plan::Options& options, plan::ImageSource& images, EpochSources& sources)
      : file_(file), epoch_(epoch), options_(options), images_(images), sources_(sources) {}

  /// A name that the user has given goes before ours. Nothing if what is named has no time.
  std::optional<Time> find() const {
    const auto seconds = find_seconds();
    if (!seconds) return std::nullopt;
    if (*seconds > seconds_max || *seconds < -seconds_max)
      refuse(cat("comes to ", *seconds, ", which is no time that an image can have"));
    return from_unix_seconds(*seconds);
  }

 private:
  std::optional<std::int64_t> find_seconds() const {
    const std::string& name = epoch_.value;
    if (const auto named = options_.contexts.find(name, options_.platform)) return of_named(*named);
    if (dockerfile::split_stages(file_).find(name)) return of_stage(name);
    if (name == "git") return commit_of_context();
    if (name == "context") return of_context("");
    refuse(
        "expected whole seconds since 1970, git or context for the time of the context, or the "
        "name of a named context or stage that has one");
  }

  /// "git" insists on there being a commit.
  std::int64_t commit_of_context() const {
    try {
      return sources_.context("").commit_time();
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::not_found) throw;
      refuse(error.what());
    }
  }

  /// As BuildKit has it, files of this machine need not have one.
  std::optional<std::int64_t> of_context(const std::string& name) const {
    try {
      return sources_.context(name).time();
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::not_found) throw;
      return std::nullopt;
    }
  }

  std::optional<std::int64_t> of_named(
      const std::pair<const std::string, plan::NamedContext>& named) const {
    if (std::holds_alternative<plan::ContextFiles>(named.second)) return of_context(named.first);
    if (const auto* stage = std::get_if<plan::ContextStage>(&named.second))
      return of_stage(stage->stage);
    refuse("the context of this name is an image; expected one of files, or a stage");
  }

  /// The planner knows what the ADD comes to when its words are expanded.
  std::int64_t of_stage(const std::string& name) const {
    plan::Options options = options_;
    options.target = name;
    options.labels.clear();
    options.build_args[plan::epoch_argument].clear();
    const plan::Plan plan = plan::make_plan(file_, options, images_);
    const plan::Origin* origin = find_only_remote(plan.target_stage());
    if (origin == nullptr)
      refuse("a stage has a time if it is FROM scratch and one ADD of one URL or repository");
    if (const auto seconds = sources_.time_of(*origin)) return *seconds;
    refuse("neither its server nor the file says how old the file is that the stage adds");
  }

  static const plan::Origin* find_only_remote(const plan::Stage& stage) {
    if (!std::holds_alternative<plan::Scratch>(stage.base)) return nullptr;
    const plan::Origin* origin = nullptr;
    for (const plan::Step& step : stage.steps) {
      if (std::holds_alternative<plan::EditConfig>(step.operation)) continue;
      const auto* copy = std::get_if<plan::CopyFiles>(&step.operation);
      const bool is_only = copy != nullptr && origin == nullptr && copy->sources.size() == 1 &&
                           copy->elsewhere.size() == 1 && copy->inline_files.empty();
      if (!is_only) return nullptr;
      origin = &copy->elsewhere.begin()->second;
    }
    return origin;
  }

  [[noreturn]] void refuse(std::string reason) const {
    std::string message = cat(plan::epoch_argument, "=", epoch_.value, ": ", reason);
    if (epoch_.lines) dockerfile::fail_at(file_, *epoch_.lines, std::move(message));
    throw Error(ErrorKind::usage, std::move(message));
  }

  const dockerfile::File& file_;
  const plan::EpochText& epoch_;
  const plan::Options& options_;
  plan::ImageSource& images_;
  EpochSources& sources_;
};

}  // namespace

std::optional<Time> parse_epoch(std::string_view text) {
  std::int64_t seconds = 0;
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  if (seconds > seconds_max || seconds < -seconds_max) return std::nullopt;
  return from_unix_seconds(seconds);
}

std::optional<Time> settle_epoch(const dockerfile::File& file, plan::Options& options,
                                 plan::ImageSource& images, EpochSources& sources) {
  const auto epoch = plan::find_epoch(file, options);
  if (!epoch) return std::nullopt;
  auto time = parse_epoch(epoch->value);
  if (time) return time;
  time = NamedEpoch(file, *epoch, options, images, sources).find();
  options.build_args[plan::epoch_argument] = time ? cat(to_unix_seconds(*time)) : "";
  return time;
}

}  // namespace strata::cli
