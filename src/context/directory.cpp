#include "strata/context/directory.hpp"

#include "context/directory_origin.hpp"

namespace strata::context {

std::unique_ptr<FileOrigin> open_directory(Root directory, DirectoryOptions options,
                                           WorkerPool& pool) {
  return std::make_unique<DirectoryOrigin>(std::move(directory), std::move(options), pool);
}

}  // namespace strata::context
