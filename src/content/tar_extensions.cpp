/// Pax headers and GNU long names: what they may say, and which of two that contradict counts.

#include <array>

#include "content/limits.hpp"
#include "content/pax.hpp"
#include "content/tar_member.hpp"
#include "content/xattr_names.hpp"
#include "strata/base/error.hpp"
#include "strata/base/url.hpp"

namespace strata {

namespace {

constexpr std::string_view libarchive_xattr_prefix = "LIBARCHIVE.xattr.";
constexpr std::string_view sparse_prefix = "GNU.sparse.";
constexpr std::array<std::string_view, 6> known_keywords{"gid",  "linkpath", "mtime",
                                                         "path", "size",     "uid"};

bool is_known(std::string_view keyword) {
  for (const std::string_view known : known_keywords)
    if (keyword == known) return true;
  return false;
}

std::string until_nul(std::string_view text) {
  return std::string(text.substr(0, std::min(text.find('\0'), text.size())));
}

}  // namespace

void TarExtensions::add_pax(std::string_view records) {
  if (has_pax_) fail(ErrorKind::corrupt, "a tar has two pax headers for one member");
  has_pax_ = true;
  for_each_pax_record(records, [this](std::string_view keyword, std::string_view value) {
    add_record(keyword, value);
  });
}

void TarExtensions::add_long_name(std::string_view text) {
  if (long_name_) fail(ErrorKind::corrupt, "a tar has two long names for one member");
  long_name_ = until_nul(text);
}

void TarExtensions::add_long_link(std::string_view text) {
  if (long_link_) fail(ErrorKind::corrupt, "a tar has two long links for one member");
  long_link_ = until_nul(text);
}

void TarExtensions::add_record(std::string_view keyword, std::string_view value) {
  if (keyword.starts_with(sparse_prefix))
    fail(ErrorKind::corrupt, "a layer may not have sparse files (OCI layer.md)");
  if (keyword.starts_with(pax_xattr_prefix))
    return add_xattr(std::string(keyword.substr(pax_xattr_prefix.size())), std::string(value));
  if (keyword.starts_with(libarchive_xattr_prefix)) {
    auto name = percent_decoded(keyword.substr(libarchive_xattr_prefix.size()));
    auto bytes = from_base64(value);
    if (!name || !bytes) fail(ErrorKind::corrupt, "a pax record is malformed: ", quoted(keyword));
    return add_xattr(std::move(*name), std::move(*bytes));
  }
  // An empty value takes back a record (pax); without a global header the block speaks then.
  if (is_known(keyword) && !value.empty()) records_.insert_or_assign(std::string(keyword), value);
}

void TarExtensions::add_xattr(std::string name, std::string value) {
  if (is_order_for_overlay(name)) return;
  if (name.empty() || value.size() > xattr_size_max)
    fail(ErrorKind::corrupt, "the extended attribute ", quoted(name.substr(0, 100)), " of ",
         value.size(), " bytes: at most ", xattr_size_max, " are allowed, and a name");
  xattrs_.insert_or_assign(std::move(name), std::move(value));
}

// Of a pax record and a GNU long name, readers differ in which they believe.
std::optional<std::string> TarExtensions::agreed(std::string_view keyword,
                                                 const std::optional<std::string>& gnu) const {
  const auto record = records_.find(keyword);
  if (record == records_.end()) return gnu;
  if (gnu && *gnu != record->second)
    fail(ErrorKind::corrupt, "a tar gives one member two names: ", quoted(*gnu), " and ",
         quoted(record->second));
  return record->second;
}

std::optional<std::int64_t> TarExtensions::number(std::string_view keyword) const {
  const auto record = records_.find(keyword);
  if (record == records_.end()) return std::nullopt;
  const auto value = parse_decimal(record->second);
  if (!value || *value > static_cast<std::uint64_t>(INT64_MAX))
    fail(ErrorKind::corrupt, "the pax record ", keyword,
         " is no number: ", quoted(record->second.substr(0, 40)));
  return static_cast<std::int64_t>(*value);
}

std::optional<std::int64_t> TarExtensions::mtime() const {
  const auto record = records_.find("mtime");
  if (record == records_.end()) return std::nullopt;
  if (const auto seconds = parse_pax_time(record->second)) return seconds;
  fail(ErrorKind::corrupt,
       "the pax record mtime is no time: ", quoted(record->second.substr(0, 40)));
}

std::vector<Xattr> TarExtensions::xattrs() const {
  std::vector<Xattr> xattrs;
  for (const auto& [name, value] : xattrs_) xattrs.push_back({name, value});
  return xattrs;
}

}  // namespace strata
