#pragma once
/// One member of a tar as it is being understood: its header block and the extensions that came
/// before it. All rules about what a layer may say about one entry are here; the stream is
/// TarReader's.

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "content/tar_header.hpp"
#include "strata/content/entry.hpp"

namespace strata {

/// What pax headers and GNU long names say instead of the header block.
class TarExtensions {
 public:
  /// The text of an 'x' member. A second one before the member it belongs to is Error corrupt:
  /// readers disagree about which of the two counts.
  void add_pax(std::string_view records);
  void add_long_name(std::string_view text);
  void add_long_link(std::string_view text);
  bool empty() const { return !has_pax_ && !long_name_ && !long_link_; }

  std::optional<std::string> path() const { return agreed("path", long_name_); }
  std::optional<std::string> link() const { return agreed("linkpath", long_link_); }
  /// A decimal number of a record; Error corrupt if it is something else.
  std::optional<std::int64_t> number(std::string_view keyword) const;
  std::optional<std::int64_t> mtime() const;
  /// Those that a layer can hold, sorted by name.
  std::vector<Xattr> xattrs() const;

 private:
  void add_record(std::string_view keyword, std::string_view value);
  void add_xattr(std::string name, std::string value);
  std::optional<std::string> agreed(std::string_view keyword,
                                    const std::optional<std::string>& gnu) const;

  bool has_pax_ = false;
  std::map<std::string, std::string, std::less<>> records_;
  std::map<std::string, std::string, std::less<>> xattrs_;
  std::optional<std::string> long_name_;
  std::optional<std::string> long_link_;
};

/// How many bytes of data the member has: pax size before the header's.
std::uint64_t tar_data_size(const TarBlock& block, const TarExtensions& extensions);

/// The entry, without data_offset; nothing if it means nothing in a layer (AUFS's own books).
std::optional<Entry> tar_entry(const TarBlock& block, const TarExtensions& extensions);

}  // namespace strata
