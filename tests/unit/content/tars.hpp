#pragma once
/// Tars made by hand, well-formed or not, and tars read whole.

#include <string>
#include <utility>
#include <vector>

#include "content/pax.hpp"
#include "content/tar_header.hpp"
#include "strata/content/tar.hpp"

namespace strata::test {

/// Says everything a header can say, whether or not it makes sense.
struct RawMember {
  std::string name = "file";
  char type = tar_type::file;
  std::string data = {};
  std::string link = {};
  std::uint64_t mode = 0644;
  std::uint64_t uid = 0;
  std::uint64_t gid = 0;
  std::uint64_t mtime = 0;
  std::uint64_t size_more = 0;  ///< how much the header's size exceeds the data
  std::string prefix = {};
};

inline std::string padded(std::string bytes) {
  bytes.resize((bytes.size() + tar_block_size - 1) / tar_block_size * tar_block_size);
  return bytes;
}

inline std::string raw(const RawMember& member) {
  TarHeader header;
  header.put_text(tar_field::name, member.name);
  header.put_text(tar_field::prefix, member.prefix);
  header.put_text(tar_field::link, member.link);
  header.put_type(member.type);
  header.put_octal(tar_field::mode, member.mode);
  header.put_octal(tar_field::uid, member.uid);
  header.put_octal(tar_field::gid, member.gid);
  header.put_octal(tar_field::mtime, member.mtime);
  header.put_octal(tar_field::size, member.data.size() + member.size_more);
  return std::string(header.finish()) + padded(member.data);
}

inline std::string pax(const std::vector<std::pair<std::string, std::string>>& records,
                       char type = tar_type::extended) {
  std::string text;
  for (const auto& [keyword, value] : records) append_pax_record(text, keyword, value);
  return raw({.name = "PaxHeaders.0/x", .type = type, .data = text});
}

inline const std::string trailer(2 * tar_block_size, '\0');

/// The entries of a tar and the bytes of each, to the end.
inline std::vector<std::pair<Entry, std::string>> read_tar(std::string bytes) {
  StringSource source(std::move(bytes));
  TarReader reader(source);
  std::vector<std::pair<Entry, std::string>> members;
  while (auto entry = reader.next()) {
    std::string data(entry->size, '\0');
    std::size_t filled = 0;
    while (filled < data.size()) filled += reader.read_data(std::span(data).subspan(filled));
    members.emplace_back(std::move(*entry), std::move(data));
  }
  reader.drain();
  return members;
}

/// The first entry of a tar made of `members`.
inline Entry read_one(const std::string& members) {
  return read_tar(members + trailer).at(0).first;
}

inline std::string write_tar(const std::vector<std::pair<Entry, std::string>>& members) {
  StringSink out;
  TarWriter writer(out);
  for (const auto& [entry, bytes] : members) {
    ViewSource data(bytes);
    writer.add(entry, entry.is_file() ? &data : nullptr);
  }
  writer.finish();
  return out.take();
}

}  // namespace strata::test
