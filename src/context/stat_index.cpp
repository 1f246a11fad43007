#include "context/stat_index.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <functional>

#include "strata/base/error.hpp"
#include "strata/base/file.hpp"

namespace strata::context {

namespace {

constexpr std::string_view magic = "strata index 1\n";
constexpr std::size_t digest_size = 32;
constexpr std::size_t header_size = magic.size() + digest_size;
/// Five million files with paths of a hundred bytes. A place in it fits in 32 bits.
constexpr std::size_t index_size_max = std::size_t{1} << 30;

constexpr mode_t index_mode = 0644;

template <class Number>
void put(std::string& out, Number number) {
  for (std::size_t i = 0; i < sizeof number; ++i) {
    out += static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * i));
  }
}

void put_text(std::string& out, std::string_view text) {
  put(out, static_cast<std::uint32_t>(text.size()));
  out += text;
}

void put_digest(std::string& out, const Digest& digest) {
  out.append(reinterpret_cast<const char*>(digest.bytes().data()), digest_size);
}

/// Takes values off the front of some bytes; once one is missing all further ones are empty.
class Reader {
 public:
  explicit Reader(std::string_view rest) : rest_(rest) {}

  template <class Number>
  Number number() {
    const std::string_view bytes = take(sizeof(Number));
    if (bytes.empty()) return 0;
    Number value = 0;
    if constexpr (std::endian::native == std::endian::little)
      std::memcpy(&value, bytes.data(), sizeof value);
    else
      for (std::size_t i = 0; i < sizeof value; ++i)
        value |= static_cast<Number>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    return value;
  }

  std::string_view text() { return take(number<std::uint32_t>()); }

  Digest digest() {
    Digest::Bytes bytes{};
    const std::string_view taken = take(digest_size);
    std::memcpy(bytes.data(), taken.data(), taken.size());
    return Digest(bytes);
  }

  bool failed() const { return failed_; }
  std::size_t left() const { return rest_.size(); }
  bool at_end() const { return !failed_ && rest_.empty(); }

 private:
  std::string_view take(std::size_t size) {
    if (size > rest_.size()) failed_ = true;
    if (failed_) return {};
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::string_view rest_;
  bool failed_ = false;
};

FileStamp read_stamp(Reader& in) {
  FileStamp stamp;
  stamp.device = in.number<std::uint64_t>();
  stamp.inode = in.number<std::uint64_t>();
  stamp.size = in.number<std::uint64_t>();
  stamp.modified = in.number<std::int64_t>();
  stamp.changed = in.number<std::int64_t>();
  stamp.mode = in.number<std::uint32_t>();
  return stamp;
}

/// What follows a row's path.
IndexRow read_row(Reader& in) {
  IndexRow row;
  row.stamp = read_stamp(in);
  row.capability = in.text();
  if (in.number<std::uint8_t>() == 1) row.content = ContentDigest(in.digest());
  return row;
}

std::uint32_t hash_of(std::string_view path) {
  return static_cast<std::uint32_t>(std::hash<std::string_view>{}(path));
}

}  // namespace

StatIndex StatIndex::load(int directory_fd, const std::string& name) {
  StatIndex index;
  try {
    index.bytes_ = find_small_file(directory_fd, name, index_size_max).value_or("");
    if (!index.decode()) index = {};
    // The time of its last use, by which a prune goes. One that is not there needs none.
    ::utimensat(directory_fd, name.c_str(), nullptr, 0);
  } catch (const Error&) {
    // Nothing is lost but time: every digest can be made again.
    index = {};
  }
  return index;
}

bool StatIndex::decode() {
  const std::string_view bytes = bytes_;
  if (bytes.size() < header_size || bytes.substr(0, magic.size()) != magic) return false;
  const std::string_view body = bytes.substr(header_size);
  Reader header(bytes.substr(magic.size(), digest_size));
  if (header.digest() != Digest::of(body)) return false;

  Reader in(body);
  const auto count = in.number<std::uint64_t>();
  // A row has more than 50 bytes, so a lying count cannot make this large.
  slots_.resize(std::bit_ceil(2 * std::min<std::uint64_t>(count, body.size() / 50) + 1));
  while (size_ < count) {
    const std::size_t start = bytes.size() - in.left();
    const std::string_view path = in.text();
    read_row(in);
    if (in.failed()) return false;
    put(path, start);
  }
  return in.at_end();
}

void StatIndex::put(std::string_view path, std::size_t start) {
  const std::uint32_t hash = hash_of(path);
  std::size_t place = hash & (slots_.size() - 1);
  while (slots_[place].start != 0) place = (place + 1) & (slots_.size() - 1);
  slots_[place] = {static_cast<std::uint32_t>(start), hash};
  ++size_;
}

std::optional<IndexRow> StatIndex::find(std::string_view path, const FileStamp& stamp) const {
  if (slots_.empty()) return std::nullopt;
  const std::uint32_t hash = hash_of(path);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t place = hash & mask; slots_[place].start != 0; place = (place + 1) & mask) {
    if (slots_[place].hash != hash) continue;
    Reader in(std::string_view(bytes_).substr(slots_[place].start));
    if (in.text() != path) continue;
    IndexRow row = read_row(in);
    row.place = slots_[place].start;
    return row.stamp == stamp ? std::optional(row) : std::nullopt;
  }
  return std::nullopt;
}

IndexRow StatIndex::row_at(std::uint32_t place) const {
  Reader in(std::string_view(bytes_).substr(place));
  in.text();
  IndexRow row = read_row(in);
  row.place = place;
  return row;
}

void IndexWriter::reserve(std::size_t rows, std::size_t path_bytes) {
  constexpr std::size_t row_size = 4 + 5 * 8 + 4 + 4 + 1 + digest_size;
  rows_.reserve(rows * row_size + path_bytes);
}

void IndexWriter::add(std::string_view path, const IndexRow& row) {
  put_text(rows_, path);
  put(rows_, row.stamp.device);
  put(rows_, row.stamp.inode);
  put(rows_, row.stamp.size);
  put(rows_, row.stamp.modified);
  put(rows_, row.stamp.changed);
  put(rows_, row.stamp.mode);
  put_text(rows_, row.capability);
  rows_ += static_cast<char>(row.content ? 1 : 0);
  if (row.content) put_digest(rows_, row.content->digest());
  ++count_;
}

void IndexWriter::save(int directory_fd, const std::string& name) const {
  std::string count;
  put(count, count_);
  Hasher body;
  body.write(count);
  body.write(rows_);
  std::string head(magic);
  put_digest(head, body.finish());
  head += count;
  NewFile file(directory_fd, index_mode);
  write_all(file.fd(), head);
  write_all(file.fd(), rows_);
  // After a loss of power the file may be old or damaged; either is found out on loading.
  file.commit_replacing(name, Durability::none);
}

}  // namespace strata::context
