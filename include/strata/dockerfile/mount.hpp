#pragma once
/// The value of RUN --mount: comma-separated keys, a closed grammar per type.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace strata::dockerfile {

enum class MountType { bind, cache, tmpfs, secret, ssh };
enum class MountSharing { shared, private_copy, locked };

std::string_view mount_type_name(MountType type);
std::string_view mount_sharing_name(MountSharing sharing);

/// Texts are as written and expanded: not cleaned, not joined to a WORKDIR. An empty text means
/// "not given"; the defaults that depend on other steps are the planner's.
struct MountSpec {
  MountType type = MountType::bind;
  std::string target;
  std::string source;
  std::string from;
  std::string id;
  bool read_only = true;  ///< with the type's default filled in
  MountSharing sharing = MountSharing::shared;
  std::optional<std::uint32_t> mode;  ///< secret, ssh, cache only
  std::optional<std::uint32_t> uid;
  std::optional<std::uint32_t> gid;
  std::optional<std::uint64_t> size;  ///< tmpfs only, bytes
  bool required = false;              ///< secret and ssh only
  std::optional<std::string> env;     ///< secret only: the variable that shall hold it
  bool operator==(const MountSpec&) const = default;
};

/// Expands one value. `from` is never given to it.
using ValueExpander = std::function<std::string(std::string_view)>;

/// Throws Error dockerfile without a place: unknown keys and types (with the nearest known one),
/// malformed CSV or values, a `$` in `from`, keys that the type does not take.
MountSpec parse_mount(std::string_view csv, const ValueExpander& expand);

/// What a spec that `check_mount` lets pass names in `from`, which is known before variables are.
std::optional<std::string> find_mount_from(std::string_view csv);

/// What can be checked before variables are known: the CSV, the keys, and a `$` in `from`.
void check_mount(std::string_view csv);

}  // namespace strata::dockerfile
