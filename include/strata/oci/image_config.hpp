#pragma once
/// The image configuration (OCI image-spec config.md) with Docker's extensions (Healthcheck,
/// OnBuild, Shell). What a base image says and we do not know is carried along untouched.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "strata/base/time.hpp"
#include "strata/content/digest.hpp"
#include "strata/oci/platform.hpp"

namespace strata::oci {

/// Durations in nanoseconds; 0 inherits the run time's default.
struct Healthcheck {
  std::vector<std::string> test;
  std::int64_t interval = 0;
  std::int64_t timeout = 0;
  std::int64_t start_period = 0;
  std::int64_t start_interval = 0;
  std::int64_t retries = 0;
  friend bool operator==(const Healthcheck&, const Healthcheck&) = default;
};

/// How a container of the image is to be run: the `config` member.
struct RunConfig {
  std::string user;
  std::vector<std::string> exposed_ports;  ///< "80/tcp", sorted
  std::vector<std::string> env;            ///< "NAME=value" in order of first definition
  std::optional<std::vector<std::string>> entrypoint;
  std::optional<std::vector<std::string>> cmd;
  std::vector<std::string> volumes;  ///< sorted
  std::string working_dir;
  std::map<std::string, std::string> labels;
  std::string stop_signal;
  std::optional<Healthcheck> healthcheck;
  std::vector<std::string> on_build;
  std::vector<std::string> shell;
  friend bool operator==(const RunConfig&, const RunConfig&) = default;
};

struct HistoryEntry {
  std::optional<Time> created;
  std::string created_by;
  std::string author;
  std::string comment;
  bool empty_layer = false;
  friend bool operator==(const HistoryEntry&, const HistoryEntry&) = default;
};

struct ImageConfig {
  std::optional<Time> created;
  std::string author;
  Platform platform;
  RunConfig run;
  std::vector<DiffId> diff_ids;  ///< base first
  std::vector<HistoryEntry> history;
  /// Members of the document and of its `config` that are not listed above, as JSON objects' text.
  std::string unknown_members;
  std::string unknown_run_members;
  friend bool operator==(const ImageConfig&, const ImageConfig&) = default;
};

/// Throws Error corrupt if the document breaks config.md: no rootfs, a history that does not fit
/// the number of layers (only checked when there is a history), malformed digests.
ImageConfig parse_image_config(std::string_view text, std::string_view what);
std::string to_json(const ImageConfig& config);
/// The `config` member alone: what cache keys and `inspect` are made of.
std::string to_json(const RunConfig& config);

/// The value of NAME in an env list, the last one if it is there twice.
std::optional<std::string> find_env(const std::vector<std::string>& env, std::string_view name);
/// Replaces NAME in place or appends it.
void set_env(std::vector<std::string>& env, std::string_view name, std::string_view value);

}  // namespace strata::oci
