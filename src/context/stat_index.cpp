#include "context/stat_index.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "strata/base/error.hpp"
#include "strata/base/file.hpp"
#include "strata/base/path.hpp"

namespace strata::context {

namespace {

constexpr std::string_view magic = "strata index 2\n";
constexpr std::size_t digest_size = 32;
constexpr std::size_t header_size = magic.size() + digest_size;
/// Five million files with paths of a hundred bytes. A place in it fits in 32 bits.
constexpr std::size_t index_size_max = std::size_t{1} << 30;

/// A row without name, capability and digest.
constexpr std::size_t row_size_min = 4 + 5 * 8 + 4 + 4 + 1;

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
  std::string_view rest() const { return rest_; }
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

/// What follows a row's name.
IndexRow read_row(Reader& in) {
  IndexRow row;
  row.stamp = read_stamp(in);
  row.capability = in.text();
  if (in.number<std::uint8_t>() == 1) row.content = ContentDigest(in.digest());
  return row;
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
  size_ = in.number<std::uint64_t>();
  if (size_ > body.size() / row_size_min) return false;
  while (!in.failed() && !in.at_end()) {
    const std::string_view directory = in.text();
    add_run(directory, in.text());
  }
  return in.at_end();
}

void StatIndex::add_run(std::string_view directory, std::string_view rows) {
  const auto number = static_cast<std::uint32_t>(runs_.size());
  runs_.push_back({rows, no_run});
  const auto [known, is_new] = directories_.try_emplace(directory, Ends{number, number});
  if (is_new) return;
  runs_[known->second.last].next = number;
  known->second.last = number;
}

StatIndex::Rows StatIndex::rows_in(std::string_view directory) const {
  const auto known = directories_.find(directory);
  return {*this, known == directories_.end() ? no_run : known->second.first};
}

std::optional<IndexRow> StatIndex::Rows::find(std::string_view name, const FileStamp& stamp) {
  for (;;) {
    if (rest_.empty()) {
      if (next_run_ == no_run) return std::nullopt;
      const Run& run = index_.runs_[next_run_];
      rest_ = run.rows;
      next_run_ = run.next;
      continue;
    }
    Reader in(rest_);
    const std::string_view found = in.text();
    if (found > name) return std::nullopt;
    IndexRow row = read_row(in);
    if (in.failed()) return std::nullopt;
    row.place = static_cast<std::uint32_t>(rest_.data() - index_.bytes_.data());
    rest_ = in.rest();
    if (found == name) return row.stamp == stamp ? std::optional(row) : std::nullopt;
  }
}

IndexRow StatIndex::row_at(std::uint32_t place) const {
  Reader in(std::string_view(bytes_).substr(place));
  in.text();
  IndexRow row = read_row(in);
  row.place = place;
  return row;
}

void IndexWriter::reserve(std::size_t rows, std::size_t path_bytes) {
  runs_.reserve(rows * (row_size_min + digest_size) + path_bytes);
}

void IndexWriter::add(std::string_view path, const IndexRow& row) {
  if (const std::string_view directory = parent_path(path);
      rows_at_ == 0 || directory != directory_) {
    end_run();
    begin_run(directory);
  }
  put_text(runs_, base_name(path));
  put(runs_, row.stamp.device);
  put(runs_, row.stamp.inode);
  put(runs_, row.stamp.size);
  put(runs_, row.stamp.modified);
  put(runs_, row.stamp.changed);
  put(runs_, row.stamp.mode);
  put_text(runs_, row.capability);
  runs_ += static_cast<char>(row.content ? 1 : 0);
  if (row.content) put_digest(runs_, row.content->digest());
  ++count_;
}

void IndexWriter::begin_run(std::string_view directory) {
  directory_ = directory;
  put_text(runs_, directory);
  put(runs_, std::uint32_t{0});  // the length, when it is known
  rows_at_ = runs_.size();
}

void IndexWriter::end_run() {
  if (rows_at_ == 0) return;
  std::string length;
  put(length, static_cast<std::uint32_t>(runs_.size() - rows_at_));
  runs_.replace(rows_at_ - length.size(), length.size(), length);
  rows_at_ = 0;
}

void IndexWriter::save(int directory_fd, const std::string& name) {
  end_run();
  std::string count;
  put(count, count_);
  Hasher body;
  body.write(count);
  body.write(runs_);
  std::string head(magic);
  put_digest(head, body.finish());
  head += count;
  NewFile file(directory_fd, index_mode);
  write_all(file.fd(), head);
  write_all(file.fd(), runs_);
  // After a loss of power the file may be old or damaged; either is found out on loading.
  file.commit_replacing(name, Durability::none);
}

}  // namespace strata::context
