/// Tars, member by member.

#include <array>

#include "content/tar_headers.hpp"
#include "strata/base/error.hpp"
#include "strata/content/tar.hpp"

namespace strata {

namespace {

constexpr std::size_t copy_buffer_size = 64 << 10;

}  // namespace

Entry hard_link_in_tar(const Entry& link, const Entry& file) {
  Entry shown = link;
  shown.mtime = file.mtime;
  shown.mode = file.mode;
  shown.uid = file.uid;
  shown.gid = file.gid;
  shown.rare.edit().xattrs = file.rare->xattrs;
  return shown;
}

std::uint64_t TarWriter::add(const Entry& entry, Source* data) {
  offset_ += write_tar_headers(entry, out_);
  const std::uint64_t data_offset = offset_;
  if (!entry.is_file()) return 0;
  if (entry.size > 0 || data != nullptr) put_data(entry, data);
  put(tar_zeros.substr(0, tar_padding(entry.size)));
  return data_offset;
}

void TarWriter::put_data(const Entry& entry, Source* data) {
  std::array<char, copy_buffer_size> buffer;
  std::uint64_t taken = data == nullptr ? 0 : copy_in_kernel(*data, out_, entry.size);
  offset_ += taken;
  // One read more than the size: a file that has grown must not pass as what it was.
  while (const std::size_t count = data == nullptr ? 0 : data->read(buffer)) {
    taken += count;
    if (taken > entry.size) break;
    put({buffer.data(), count});
  }
  if (taken != entry.size)
    fail(ErrorKind::system, quoted(entry.path), " changed while it was read: it had ", entry.size,
         " bytes and has ", taken > entry.size ? "more" : std::to_string(taken));
}

void TarWriter::finish() { put(tar_zeros); }

void TarWriter::put(std::string_view bytes) {
  out_.write(bytes);
  offset_ += bytes.size();
}

}  // namespace strata
