/// Tar headers, written and read. The limit knows only what ustar says of plain files: fields put
/// in and taken out by hand, one look at each block, one copy of each name.

#include <cstring>

#include "content/tar_header.hpp"
#include "pair.hpp"
#include "samples.hpp"
#include "strata/content/tar.hpp"

namespace strata::bench {

namespace {

/// Empty files, so that a tar of them is headers and nothing else.
std::vector<Entry> empty_files() {
  std::vector<Entry> files;
  for (Entry& entry : source_entries(10, 100))
    if (entry.is_file()) files.push_back(std::move(entry));
  for (Entry& entry : files) entry.size = entry.data_offset = 0;
  return files;
}

/// Takes bytes into room that is there.
class FlatSink : public Sink {
 public:
  explicit FlatSink(std::string& room) : to_(room.data()) {}
  void write(std::string_view bytes) override {
    std::memcpy(to_, bytes.data(), bytes.size());
    to_ += bytes.size();
  }
  char* end() const { return to_; }

 private:
  char* to_;
};

std::size_t write_by_us(const std::vector<Entry>& files, std::string& room) {
  FlatSink sink(room);
  TarWriter writer(sink);
  for (const Entry& entry : files) writer.add(entry, nullptr);
  return static_cast<std::size_t>(sink.end() - room.data());
}

void put_octal(char* block, TarField field, std::uint64_t value) {
  for (std::size_t i = field.size - 1; i-- > 0; value >>= 3)
    block[field.offset + i] = static_cast<char>('0' + (value & 7));
}

unsigned sum_of(const char* block) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < tar_block_size; ++i) sum += static_cast<unsigned char>(block[i]);
  return sum;
}

void write_plain_header(const Entry& entry, char* block) {
  constexpr TarField sum_digits{tar_field::checksum.offset, tar_field::checksum.size - 1};
  std::memset(block, 0, tar_block_size);
  std::memcpy(block, entry.path.data(), entry.path.size());
  put_octal(block, tar_field::mode, entry.mode);
  put_octal(block, tar_field::uid, entry.uid);
  put_octal(block, tar_field::gid, entry.gid);
  put_octal(block, tar_field::size, entry.size);
  put_octal(block, tar_field::mtime, static_cast<std::uint64_t>(entry.mtime));
  put_octal(block, tar_field::device_major, 0);
  put_octal(block, tar_field::device_minor, 0);
  block[tar_field::type.offset] = tar_type::file;
  std::memcpy(block + tar_field::magic.offset,
              "ustar\0"
              "00",
              tar_field::magic.size);
  std::memset(block + tar_field::checksum.offset, ' ', tar_field::checksum.size);
  const unsigned sum = sum_of(block);
  put_octal(block, sum_digits, sum);
  block[sum_digits.offset + sum_digits.size - 1] = '\0';
}

void write_plainly(const std::vector<Entry>& files, std::string& room) {
  char* block = room.data();
  for (const Entry& entry : files) {
    write_plain_header(entry, block);
    block += tar_block_size;
  }
  benchmark::ClobberMemory();
}

std::vector<Entry> read_by_us(std::string_view tar) {
  ViewSource source(tar);
  TarReader reader(source);
  std::vector<Entry> entries;
  while (auto entry = reader.next()) entries.push_back(std::move(*entry));
  return entries;
}

std::uint64_t octal_at(const char* block, TarField field) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i + 1 < field.size; ++i)
    value = value * 8 + static_cast<std::uint64_t>(block[field.offset + i] - '0');
  return value;
}

/// The block's sum, with blanks where the sum itself stands.
bool has_right_sum(const char* block) {
  constexpr TarField field{tar_field::checksum.offset, tar_field::checksum.size - 1};
  unsigned sum = sum_of(block) + tar_field::checksum.size * ' ';
  for (std::size_t i = 0; i < tar_field::checksum.size; ++i)
    sum -= static_cast<unsigned char>(block[field.offset + i]);
  return octal_at(block, field) == sum;
}

std::vector<Entry> read_plainly(std::string_view tar) {
  std::vector<Entry> entries;
  for (; !tar.empty(); tar.remove_prefix(tar_block_size)) {
    const char* block = tar.data();
    if (!has_right_sum(block)) break;
    Entry& entry = entries.emplace_back();
    entry.path = block;
    entry.mode = static_cast<std::uint32_t>(octal_at(block, tar_field::mode));
    entry.uid = static_cast<std::uint32_t>(octal_at(block, tar_field::uid));
    entry.gid = static_cast<std::uint32_t>(octal_at(block, tar_field::gid));
    entry.size = octal_at(block, tar_field::size);
    entry.mtime = static_cast<std::int64_t>(octal_at(block, tar_field::mtime));
  }
  return entries;
}

bool are_same(const std::vector<Entry>& left, const std::vector<Entry>& right) {
  return std::equal(
      left.begin(), left.end(), right.begin(), right.end(),
      [](const Entry& a, const Entry& b) { return same_entry(a, b, CompareTimes::yes); });
}

}  // namespace

void add_tar_pairs() {
  static const std::vector<Entry> files = empty_files();
  static std::string room(files.size() * tar_block_size, '\0');
  static std::string tar(room.size(), '\0');
  const std::size_t size = write_by_us(files, tar);
  write_plainly(files, room);
  expect_same("tar header written", size == tar.size() && room == tar);
  expect_same("tar header read", are_same(read_by_us(tar), read_plainly(tar)));

  const Unit headers{"header", static_cast<double>(files.size())};
  add_pair(
      "tar header written", headers, [] { write_by_us(files, room); },
      [] { write_plainly(files, room); });
  add_pair(
      "tar header read", headers, [] { benchmark::DoNotOptimize(read_by_us(tar)); },
      [] { benchmark::DoNotOptimize(read_plainly(tar)); });
}

}  // namespace strata::bench
