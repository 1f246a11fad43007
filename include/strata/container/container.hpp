#pragma once
/// Containers: a process on an image. The image's layers stay below, read-only and shared; one
/// private writable layer lies on top and lives as long as the container.

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "strata/base/time.hpp"
#include "strata/sandbox/run.hpp"
#include "strata/store/store.hpp"

namespace strata::container {

/// What is asked of a new container, beyond what its image says.
struct Wishes {
  std::string name;                  ///< empty: one is made up
  std::vector<std::string> command;  ///< in place of the image's CMD; empty: the image's
  std::optional<std::vector<std::string>> entrypoint;
  std::vector<std::string> env;  ///< NAME=VALUE, over the image's
  std::string user;              ///< empty: the image's
  std::string working_dir;       ///< empty: the image's
  std::string hostname;          ///< empty: the first 12 digits of the id
  bool tty = false;
  sandbox::Network network = sandbox::Network::host;
  struct Volume {
    std::string host_path;
    std::string target;
    bool read_only = false;
  };
  std::vector<Volume> volumes;  ///< directories or files of the host, -v
};

/// A container runs while a living engine holds its run lock: one whose engine was killed has
/// exited.
enum class State { created, running, exited };
/// "created", "running", "exited".
std::string to_string(State state);

/// A container as its record in the store tells it.
struct Container {
  std::string id;  ///< 64 hex digits
  std::string name;
  std::string image_name;            ///< as it was asked for
  Digest image;                      ///< of its manifest
  std::vector<std::string> command;  ///< entrypoint and command together, as run
  Time created;
  std::optional<Time> started;
  std::optional<Time> finished;  ///< absent also if its engine was killed
  /// Absent as long as it has not ended, and for good if its engine was killed or could not start
  /// it.
  std::optional<int> exit_code;
  bool oom_killed = false;
  std::optional<int> runner;  ///< process id of the engine that runs it, or ran it
  State state = State::created;
  std::string host_path;  ///< its folder in the store
  Wishes wishes;
};

/// Throws Error usage if there is nothing to run or the name is taken, Error not_found if the host
/// has no such path for a volume.
Container create(store::Store& store, const store::NamedImage& image, const std::string& image_name,
                 const Wishes& wishes);

/// Runs the container's process to its end and records how it ended. Its output goes to standard
/// output and error. Standard input is passed in if `interactive`; with a terminal (Wishes::tty)
/// the caller's is put into raw mode meanwhile and resizes are passed on. A stop gives the process
/// SIGINT, and ten seconds later SIGKILL; before it has started it is Error interrupted. Throws
/// Error usage if it runs already or has run: a container runs once.
sandbox::ExitStatus run(store::Store& store, sandbox::Sandbox& sandbox, const Container& container,
                        bool interactive, std::stop_token stop);

/// Newest first. Error corrupt names the record that cannot be read.
std::vector<Container> list(const store::Store& store);

/// By name, id, or the first digits of the id. Error not_found with the nearest names, Error usage
/// if the digits fit several.
Container at(const store::Store& store, std::string_view name_or_id);

/// Error usage if it runs.
void remove(store::Store& store, const Container& container);

/// One path that the writable layer changed.
struct Change {
  enum class Kind { added, changed, deleted };
  Kind kind;
  std::string path;  ///< absolute
};
/// In order of paths, as `docker diff`: the directories above a change have changed too. Files that
/// were only opened for writing and are what they were are left out.
std::vector<Change> changes(store::Store& store, const Container& container);

/// Bytes of files in the writable layer, each file once; 0 if the container is gone.
std::uint64_t writable_size(const Container& container);

/// Docker's `inspect` document of a container: one JSON object.
std::string describe(const store::Store& store, const Container& container);

}  // namespace strata::container
