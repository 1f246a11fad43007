#pragma once
/// The lines of /etc/passwd (passwd(5)) and /etc/group (group(5)) as data. Files come from images:
/// a line that cannot be understood is passed over, as libc does.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace strata::exec {

/// Ids fit 0 to 2^31-1: what runtimes and archive formats agree on.
std::optional<std::uint32_t> parse_id(std::string_view text);

struct PasswdLine {
  std::string name;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::string home;
};

struct GroupLine {
  std::string name;
  std::uint32_t gid = 0;
  std::vector<std::string> members;
};

std::vector<PasswdLine> parse_passwd(std::string_view text);
std::vector<GroupLine> parse_group(std::string_view text);

}  // namespace strata::exec
