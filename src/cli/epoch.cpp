#include "epoch.hpp"

#include <boost/filesystem/operations.hpp>
#include <charconv>

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"
#include "strata/context/commit_time.hpp"
#include "strata/dockerfile/excerpt.hpp"
#include "strata/plan/epoch.hpp"

namespace strata::cli {

namespace {

/// Nanoseconds of it still fit into 64 bits.
constexpr std::int64_t seconds_max = 9'223'372'036;

[[noreturn]] void refuse(const dockerfile::File& file, const plan::EpochText& epoch,
                         std::string reason) {
  std::string message = cat(plan::epoch_argument, "=", epoch.value, ": ", reason);
  if (epoch.lines) dockerfile::fail_at(file, *epoch.lines, std::move(message));
  throw Error(ErrorKind::usage, std::move(message));
}

/// The time of the commit that is checked out in the context. BuildKit's "context" is none for a
/// directory, so only "git" insists on there being one.
std::optional<Time> commit_epoch(const dockerfile::File& file, const plan::EpochText& epoch,
                                 const std::string& context) {
  const bool must_be_there = epoch.value == "git";
  if (!boost::filesystem::is_directory(context)) {
    if (!must_be_there) return std::nullopt;
    refuse(file, epoch, cat("the context ", quoted(context), " is no directory in a repository"));
  }
  try {
    return from_unix_seconds(context::commit_time(context));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::not_found) throw;
    if (must_be_there) refuse(file, epoch, error.what());
    return std::nullopt;
  }
}

}  // namespace

std::optional<Time> parse_epoch(std::string_view text) {
  std::int64_t seconds = 0;
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  if (seconds > seconds_max || seconds < -seconds_max) return std::nullopt;
  return from_unix_seconds(seconds);
}

std::optional<Time> settle_epoch(const dockerfile::File& file, const std::string& context,
                                 plan::Options& options) {
  const auto epoch = plan::find_epoch(file, options);
  if (!epoch) return std::nullopt;
  auto time = parse_epoch(epoch->value);
  if (time) return time;
  if (epoch->value != "git" && epoch->value != "context")
    refuse(file, *epoch,
           "expected whole seconds since 1970, or git for the time of the context's commit");
  time = commit_epoch(file, *epoch, context);
  options.build_args[plan::epoch_argument] = time ? cat(to_unix_seconds(*time)) : "";
  return time;
}

}  // namespace strata::cli
