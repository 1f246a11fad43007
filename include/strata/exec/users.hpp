#pragma once
/// Users and groups by the rootfs's own /etc/passwd and /etc/group, read as data: no library that
/// looks names up on the host is ever asked. Files are regular, at most 10 MiB, and reached without
/// leaving the root.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "strata/sandbox/spec.hpp"

namespace strata::exec {

/// The text of a file of the rootfs, or nothing.
using ReadFile = std::function<std::optional<std::string>(std::string_view path)>;

struct ResolvedUser {
  sandbox::Identity identity;
  std::string home;  ///< of passwd, else "/"
};

/// USER: "", "name", "uid", "name:group", "uid:gid" … Error not_found names the missing user and
/// the file. Numbers must fit 0 to 2^31-1.
ResolvedUser resolve_user(std::string_view user, const ReadFile& read);

struct Owner {
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
};

/// Whom a name means that no file of the rootfs has.
enum class UnknownName {
  nobody,  ///< Error not_found
  root,    ///< of an unknown group: the user's own
};

/// --chown, and USER for the directories that WORKDIR makes: as a process's user, but a numeric uid
/// alone also gives the gid.
Owner resolve_owner(std::string_view owner, const ReadFile& read,
                    UnknownName unknown = UnknownName::nobody);

}  // namespace strata::exec
