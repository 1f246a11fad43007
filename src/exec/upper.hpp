#pragma once
/// The upper directory of an overlay as data: every file that a process left in it, with
/// overlayfs's own marks (kernel Documentation/filesystems/overlayfs.rst) read and understood.
/// Marks of a privileged mount are trusted.overlay.*, those of an unprivileged one user.overlay.*.

#include <string>
#include <utility>
#include <vector>

#include "strata/base/root.hpp"
#include "strata/content/tree.hpp"

namespace strata::exec {

struct UpperFile {
  /// As on disk, without content digest and hard-link knowledge; a whiteout in any of its forms
  /// (0/0 device, extended attribute) is of type whiteout.
  Entry entry;
  /// A directory that does not show what lies below it in lower layers.
  bool opaque = false;
  /// No layer can hold a socket; its entry has a path only.
  bool socket = false;
  /// Which file it is a name of; zeros for a file with one name and for what is no regular file.
  std::pair<dev_t, ino_t> inode{};

  /// True for what is nothing to a layer but a name that may have been taken away.
  bool is_absence() const { return socket || entry.is_removal(); }
};

/// In tree order, the upper directory itself left out. Error system if it was written by an overlay
/// with redirect_dir or metacopy, whose marks no layer can express; Error step_failed if a name
/// begins with ".wh.", which layers keep for themselves.
std::vector<UpperFile> read_upper(const Root& upper);

/// Makes the upper directory hold exactly what the layer says, so that it can serve as the layer's
/// unpacked form: what the layer does not speak of goes, whiteouts become 0/0 devices, opaque marks
/// go (the layer spells them out), times are those of the entries.
void settle_upper(const Root& upper, const std::vector<UpperFile>& files, const Tree& layer);

}  // namespace strata::exec
