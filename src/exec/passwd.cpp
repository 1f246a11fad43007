#include "passwd.hpp"

#include "strata/base/text.hpp"

namespace strata::exec {

namespace {

constexpr std::uint64_t id_max = 0x7fffffff;

/// Calls `visit` with the fields of every line that is neither blank nor a comment.
template <class Visit>
void for_each_line(std::string_view text, const Visit& visit) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && line.front() != '#') visit(split(line, ':'));
  }
}

}  // namespace

std::optional<std::uint32_t> parse_id(std::string_view text) {
  const auto number = parse_decimal(text);
  if (!number || *number > id_max) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

std::vector<PasswdLine> parse_passwd(std::string_view text) {
  std::vector<PasswdLine> lines;
  for_each_line(text, [&](const std::vector<std::string>& fields) {
    if (fields.size() < 4) return;
    const auto uid = parse_id(fields[2]);
    const auto gid = parse_id(fields[3]);
    if (!uid || !gid) return;
    lines.push_back({fields[0], *uid, *gid, fields.size() > 5 ? fields[5] : std::string()});
  });
  return lines;
}

std::vector<GroupLine> parse_group(std::string_view text) {
  std::vector<GroupLine> lines;
  for_each_line(text, [&](const std::vector<std::string>& fields) {
    if (fields.size() < 3) return;
    const auto gid = parse_id(fields[2]);
    if (!gid) return;
    lines.push_back(
        {fields[0], *gid, fields.size() > 3 ? split(fields[3], ',') : std::vector<std::string>()});
  });
  return lines;
}

}  // namespace strata::exec
