#pragma once
/// A root file system as a tar archive becomes an image of one layer (`docker import`). The layer
/// depends on what the archive holds, not on the order it holds it in: entries are sorted, and of
/// hard links the first path is the file.

#include <optional>
#include <string>

#include "strata/base/io.hpp"
#include "strata/base/time.hpp"
#include "strata/base/worker_pool.hpp"
#include "strata/content/compression.hpp"
#include "strata/input/load.hpp"
#include "strata/store/store.hpp"

namespace strata::input {

struct ImportOptions {
  oci::Platform platform = oci::host_platform();
  std::string message;          ///< comment of the history entry
  std::string origin;           ///< for "imported from …": a file name, or "-"
  std::optional<Time> created;  ///< of image and history entry; now if absent
  /// Times in the layer later than this are set to it (SOURCE_DATE_EPOCH).
  std::optional<Time> latest_mtime;
  oci::RunConfig run;  ///< how containers are to be run: what `--change` made
  Compression compression;
};

/// Reads `tar` (any compression that content/archive.hpp knows) to its end, stores the image and
/// lists it under `names`. Memory use does not depend on the sizes of files: their bytes wait in a
/// work file.
LoadedImage import_rootfs(store::Store& store, Source& tar,
                          const std::vector<oci::Reference>& names, const ImportOptions& options,
                          WorkerPool& pool);

}  // namespace strata::input
