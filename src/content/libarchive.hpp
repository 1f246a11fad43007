#pragma once
/// libarchive, loaded at run time: it draws an XML parser and the tables of Unicode in, and most
/// builds read no archive.

#include <archive.h>
#include <archive_entry.h>

namespace strata {

/// The functions of the library, under their names without "archive_".
struct LibArchive {
  /// Error system saying what to install if there is no libarchive.so.13.
  LibArchive();

  decltype(&::archive_read_new) read_new;
  decltype(&::archive_read_free) read_free;
  decltype(&::archive_read_support_format_tar) read_support_format_tar;
  decltype(&::archive_read_support_filter_gzip) read_support_filter_gzip;
  decltype(&::archive_read_support_filter_bzip2) read_support_filter_bzip2;
  decltype(&::archive_read_support_filter_xz) read_support_filter_xz;
  decltype(&::archive_read_support_filter_zstd) read_support_filter_zstd;
  decltype(&::archive_read_support_filter_lz4) read_support_filter_lz4;
  decltype(&::archive_read_open) read_open;
  decltype(&::archive_read_next_header) read_next_header;
  decltype(&::archive_read_data) read_data;
  decltype(&::archive_error_string) error_string;
  decltype(&::archive_set_error) set_error;
  decltype(&::archive_entry_pathname) entry_pathname;
  decltype(&::archive_entry_hardlink) entry_hardlink;
  decltype(&::archive_entry_symlink) entry_symlink;
  decltype(&::archive_entry_filetype) entry_filetype;
  decltype(&::archive_entry_perm) entry_perm;
  decltype(&::archive_entry_uid) entry_uid;
  decltype(&::archive_entry_gid) entry_gid;
  decltype(&::archive_entry_mtime) entry_mtime;
  decltype(&::archive_entry_size) entry_size;
  decltype(&::archive_entry_rdevmajor) entry_rdevmajor;
  decltype(&::archive_entry_rdevminor) entry_rdevminor;
  decltype(&::archive_entry_xattr_reset) entry_xattr_reset;
  decltype(&::archive_entry_xattr_next) entry_xattr_next;
};

/// Loaded by the first call. Thread-safe.
const LibArchive& libarchive();

}  // namespace strata
