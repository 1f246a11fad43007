#include "content/libarchive.hpp"

#include "strata/base/shared_library.hpp"

namespace strata {

LibArchive::LibArchive() {
  const SharedLibrary library("libarchive.so.13", "reading an archive", "libarchive13");
  library.find("archive_read_new", read_new);
  library.find("archive_read_free", read_free);
  library.find("archive_read_support_format_tar", read_support_format_tar);
  library.find("archive_read_support_filter_gzip", read_support_filter_gzip);
  library.find("archive_read_support_filter_bzip2", read_support_filter_bzip2);
  library.find("archive_read_support_filter_xz", read_support_filter_xz);
  library.find("archive_read_support_filter_zstd", read_support_filter_zstd);
  library.find("archive_read_support_filter_lz4", read_support_filter_lz4);
  library.find("archive_read_open", read_open);
  library.find("archive_read_next_header", read_next_header);
  library.find("archive_read_data", read_data);
  library.find("archive_error_string", error_string);
  library.find("archive_set_error", set_error);
  library.find("archive_entry_pathname", entry_pathname);
  library.find("archive_entry_hardlink", entry_hardlink);
  library.find("archive_entry_symlink", entry_symlink);
  library.find("archive_entry_filetype", entry_filetype);
  library.find("archive_entry_perm", entry_perm);
  library.find("archive_entry_uid", entry_uid);
  library.find("archive_entry_gid", entry_gid);
  library.find("archive_entry_mtime", entry_mtime);
  library.find("archive_entry_size", entry_size);
  library.find("archive_entry_rdevmajor", entry_rdevmajor);
  library.find("archive_entry_rdevminor", entry_rdevminor);
  library.find("archive_entry_xattr_reset", entry_xattr_reset);
  library.find("archive_entry_xattr_next", entry_xattr_next);
}

const LibArchive& libarchive() {
  static const LibArchive loaded;
  return loaded;
}

}  // namespace strata
