#pragma once
/// The waist of Strata: what shall be done, with every variable expanded and every name resolved
/// that can be resolved without looking into a file system. Above it nothing knows a kernel, below
/// it nothing knows a Dockerfile.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "strata/content/digest.hpp"
#include "strata/context/place.hpp"
#include "strata/oci/image.hpp"

namespace strata::plan {

/// Where files are taken from.
struct FromContext {
  std::string name;  ///< empty for the main build context
};
struct FromStage {
  std::size_t stage;  ///< index in Plan::stages
};
struct FromImage {
  std::string name;  ///< as written, for messages
  std::shared_ptr<const oci::Image> image;
};
/// One file, which ADD takes. In its origin it lies at `url_file`.
inline constexpr std::string_view url_file = "file";
struct FromUrl {
  std::string url;                 ///< may hold credentials
  std::string name;                ///< of the file in a directory; empty if the URL has none
  std::optional<Digest> checksum;  ///< that its bytes must have
  friend auto operator<=>(const FromUrl&, const FromUrl&) = default;
};
/// The files of a commit, which ADD takes.
struct FromGit {
  context::GitReference repository;
};
using Origin = std::variant<FromContext, FromStage, FromImage, FromUrl, FromGit>;

/// A file whose text stands in the Dockerfile (a heredoc); expanded where it is to be.
struct InlineFile {
  std::string name;
  std::string content;
};

/// COPY and ADD. reference dockerfile.md §1.6.
struct CopyFiles {
  /// ADD unpacks tars of the context, and those behind URLs only where it is told to.
  enum class Archives { keep, unpack_local, unpack };

  Origin origin = FromContext{};
  std::vector<std::string> sources;  ///< expanded, still with wildcards; URLs without credentials
  /// Sources of ADD that do not come from `origin`, by their index in `sources`: URL or git.
  std::map<std::size_t, Origin> elsewhere;
  std::vector<InlineFile> inline_files;
  std::string destination;  ///< absolute, cleaned
  /// It ended in a slash or ".", so it is a directory.
  bool destination_is_directory = false;
  std::optional<std::string> owner;  ///< --chown, expanded: "user[:group]", names or numbers
  std::optional<std::string> mode;   ///< --chmod, expanded: what base's ModeChange reads
  std::vector<std::string> exclude;  ///< --exclude, as written: the grammar of ignore files
  /// --parents: sources arrive with the directories above them, from "/./" on if it is in them.
  bool keep_parents = false;
  Archives archives = Archives::keep;
};

/// Files of an origin, for the time of a step. What the process writes there is thrown away.
struct BindMount {
  Origin origin = FromContext{};
  std::string source;  ///< a file or directory as root path in the origin
  bool read_only = true;
};

/// A directory that outlives the build.
struct CacheMount {
  enum class Sharing { shared, private_copy, locked };

  std::string id;  ///< which one it is: "namespace/id"
  Sharing sharing = Sharing::shared;
  std::optional<Origin> origin;  ///< what a new one is filled from; nothing: it begins empty
  /// With an origin what of it a new one is filled with, else which directory in the cache is
  /// shown; a root path.
  std::string source;
  /// Of a new one's top directory; by default 0755 and 0:0, or what the directory `source` has.
  std::optional<std::uint32_t> mode, uid, gid;
  bool read_only = false;
};

/// An empty directory in memory.
struct TmpfsMount {
  std::uint64_t size_max = 0;  ///< bytes; 0: as much as the kernel gives
  bool read_only = false;
};

/// A secret of the user's, as a file, as a variable, or as both.
struct SecretMount {
  std::string id;
  std::string variable;  ///< of the environment; empty: none
  bool required = false;
  std::uint32_t mode = 0400;
  std::uint32_t uid = 0, gid = 0;
};

/// The user's ssh agent, as a socket.
struct AgentMount {
  std::string id;
  bool required = false;
  std::uint32_t mode = 0600;
  std::uint32_t uid = 0, gid = 0;
};

/// RUN --mount with every default filled in. reference dockerfile.md §1.5.
struct Mount {
  std::string target;  ///< absolute, cleaned, never "/"; empty for a secret that is no file
  std::variant<BindMount, CacheMount, TmpfsMount, SecretMount, AgentMount> kind;
};

/// RUN --device: a device by its CDI name, "vendor/class=name".
struct Device {
  std::string name;
  bool required = false;
};

/// RUN. reference dockerfile.md §1.5.
struct RunProcess {
  enum class Network { standard, none, host };
  enum class Security { sandbox, insecure };

  std::vector<std::string> argv;  ///< with the shell before it in shell form
  /// NAME=value: the image's environment and declared build arguments. All of it is in the key.
  std::vector<std::string> env;
  /// Predefined proxy arguments: seen by the process, in neither key nor history.
  std::vector<std::string> hidden_env;
  std::string user;         ///< as USER said it; empty for root
  std::string working_dir;  ///< absolute
  Network network = Network::standard;
  Security security = Security::sandbox;
  std::vector<Mount> mounts;  ///< by target, so that an inner one comes after the outer one
  std::vector<Device> devices;
  /// RUN <<EOF whose text begins with #!: run from this file, mounted for the step at argv[0].
  std::optional<InlineFile> script;
};

/// WORKDIR: makes the directory.
struct MakeDirectory {
  std::string path;  ///< absolute, cleaned
  std::string user;  ///< owner of the directories that are made; as USER said it
};

/// A change of the image's config alone: a metadata-only layer.
struct EditConfig {
  /// All that the instruction says, expanded, in one canonical text: its whole effect.
  std::string effect;
};

using Operation = std::variant<CopyFiles, RunProcess, MakeDirectory, EditConfig>;

/// Lines of the Dockerfile, from 1; both ends belong to it.
struct Lines {
  int first = 0;
  int last = 0;
};

struct Step {
  Operation operation;
  std::string
      instruction;   ///< the keyword, upper case; of what ONBUILD triggered, that instruction's
  std::string text;  ///< as written, on one line, for people: "RUN make install"
  std::string created_by;  ///< for the image's history; empty: no entry there (ONBUILD)
  Lines lines;
};

}  // namespace strata::plan
