#pragma once
/// Entries of files on disk: from a stat buffer and back to a mode.

#include <sys/stat.h>

#include <optional>

#include "strata/base/root.hpp"
#include "strata/content/entry.hpp"

namespace strata {

/// The entry type of a file's mode bits; nothing for sockets, which no layer can hold.
std::optional<EntryType> entry_type_of(mode_t mode);
/// The S_IFMT bits of a type that can be made on disk.
mode_t file_type_bits(EntryType type);

/// The entry of an existing file, without content digest and without hard-link knowledge: type,
/// mode, ids, whole-second mtime, size, link text, device numbers and the extended attributes that
/// layers keep (`security.capability`, as version 2). `info` is the file's own (lstat). Nothing
/// for sockets.
std::optional<Entry> entry_of_file(const Root& root, const std::string& path,
                                   const struct stat& info);

}  // namespace strata
