#include "strata/exec/users.hpp"

#include <algorithm>

#include "passwd.hpp"
#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

namespace strata::exec {

namespace {

constexpr std::string_view passwd_path = "etc/passwd";
constexpr std::string_view group_path = "etc/group";

/// "user:group" taken apart; an absent group is empty.
struct Names {
  std::string_view user;
  std::string_view group;
};

Names split_names(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {text, {}};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

std::optional<PasswdLine> find_user(std::string_view user, const ReadFile& read) {
  const auto text = read(passwd_path);
  const auto lines = parse_passwd(text ? std::string_view(*text) : std::string_view());
  const auto uid = parse_id(user);
  const auto found = std::find_if(lines.begin(), lines.end(), [&](const PasswdLine& line) {
    return uid ? line.uid == *uid : line.name == user;
  });
  if (found == lines.end()) return std::nullopt;
  return *found;
}

std::vector<GroupLine> read_groups(const ReadFile& read) {
  const auto text = read(group_path);
  return parse_group(text ? std::string_view(*text) : std::string_view());
}

[[noreturn]] void fail_unknown(std::string_view kind, std::string_view name, std::string_view file,
                               const ReadFile& read) {
  if (!read(file))
    fail(ErrorKind::not_found, "no ", kind, " ", quoted(name), ": the file system has no /", file,
         "; use a number");
  fail(ErrorKind::not_found, "no ", kind, " ", quoted(name), " in /", file,
       " of the file system; add it in an earlier step or use a number");
}

/// All digits, and yet no id.
void refuse_large_number(std::string_view kind, std::string_view text) {
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == text.npos;
  if (digits && !parse_id(text))
    fail(ErrorKind::dockerfile, kind, " id ", text, " is out of range: 0 to 2147483647");
}

std::optional<std::uint32_t> find_group(std::string_view group, const ReadFile& read) {
  refuse_large_number("group", group);
  if (const auto gid = parse_id(group)) return *gid;
  const auto groups = read_groups(read);
  const auto found = std::find_if(groups.begin(), groups.end(),
                                  [&](const GroupLine& line) { return line.name == group; });
  if (found == groups.end()) return std::nullopt;
  return found->gid;
}

std::uint32_t resolve_group(std::string_view group, const ReadFile& read) {
  const auto gid = find_group(group, read);
  if (!gid) fail_unknown("group", group, group_path, read);
  return *gid;
}

std::vector<gid_t> groups_of(const std::string& user, const ReadFile& read) {
  std::vector<gid_t> gids;
  for (const GroupLine& line : read_groups(read)) {
    const bool member =
        std::find(line.members.begin(), line.members.end(), user) != line.members.end();
    if (member && std::find(gids.begin(), gids.end(), line.gid) == gids.end())
      gids.push_back(line.gid);
  }
  return gids;
}

}  // namespace

// As github.com/moby/sys/user GetExecUser: a number need not be in passwd; an explicit group stands
// alone; without one the supplementary groups are those that list the user.
ResolvedUser resolve_user(std::string_view user, const ReadFile& read) {
  const Names names = split_names(user);
  const std::string_view name = names.user.empty() ? "0" : names.user;
  refuse_large_number("user", name);

  const auto line = find_user(name, read);
  const auto uid = parse_id(name);
  if (!line && !uid) fail_unknown("user", name, passwd_path, read);

  ResolvedUser resolved;
  resolved.identity.uid = line ? line->uid : *uid;
  resolved.identity.gid = line ? line->gid : 0;
  resolved.home = line && !line->home.empty() ? line->home : "/";
  if (!names.group.empty())
    resolved.identity.gid = resolve_group(names.group, read);
  else if (line)
    resolved.identity.groups = groups_of(line->name, read);
  return resolved;
}

Owner resolve_owner(std::string_view owner, const ReadFile& read, UnknownName unknown) {
  const bool fails = unknown == UnknownName::nobody;
  const Names names = split_names(owner);
  refuse_large_number("user", names.user);
  Owner resolved;
  if (const auto uid = parse_id(names.user)) {
    resolved = {*uid, *uid};
  } else if (!names.user.empty()) {
    const auto line = find_user(names.user, read);
    if (!line && fails) fail_unknown("user", names.user, passwd_path, read);
    if (line) resolved = {line->uid, line->gid};
  }
  if (names.group.empty()) return resolved;
  if (const auto gid = find_group(names.group, read))
    resolved.gid = *gid;
  else if (fails)
    fail_unknown("group", names.group, group_path, read);
  return resolved;
}

}  // namespace strata::exec
