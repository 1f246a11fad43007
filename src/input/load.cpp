#include "strata/input/load.hpp"

#include <sys/stat.h>

#include "input/docker_archive.hpp"
#include "input/host_file.hpp"
#include "input/layout_images.hpp"
#include "strata/base/error.hpp"

namespace strata::input {

namespace {

std::vector<FoundImage> read_layout(store::Store& store, const LayoutFiles& layout,
                                    const oci::Platform& platform) {
  std::vector<FoundImage> images;
  for (const ListedImage& listed : list_images(layout, platform)) {
    images.push_back({fetch_image(store, layout, listed.descriptor, platform), listed.names});
  }
  return images;
}

std::vector<FoundImage> read_archive(store::Store& store, const ArchiveFiles& files,
                                     const oci::Platform& platform) {
  // Docker's archives since 25 are layouts too, and only the layout knows the manifest's digest.
  if (files.has("index.json")) return read_layout(store, ArchiveLayout(store, files), platform);
  if (files.has("manifest.json")) return read_docker_archive(files);
  if (files.has("repositories")) return read_legacy_archive(files);
  fail(ErrorKind::corrupt, files.what(),
       " is no image archive: it has neither index.json (OCI) nor manifest.json (docker); "
       "for a root file system use import");
}

/// Lists all images in the store, now that every one of them has turned out to be whole.
std::vector<LoadedImage> list_in_store(store::Store& store, std::vector<FoundImage> images,
                                       const std::string& what, const LoadOptions& options) {
  if (images.empty()) fail(ErrorKind::not_found, what, " holds no image");
  if (!options.names.empty() && images.size() > 1) {
    fail(ErrorKind::usage, what, " holds ", images.size(),
         " images; a name can only be given to one");
  }
  std::vector<LoadedImage> loaded;
  for (FoundImage& found : images) {
    const auto& names = options.names.empty() ? found.names : options.names;
    auto replaced = store.images().put(found.image, names);
    loaded.push_back({std::move(found.image), names, std::move(replaced)});
  }
  return loaded;
}

}  // namespace

std::vector<LoadedImage> load_archive(store::Store& store, Source& archive, const std::string& what,
                                      const LoadOptions& options) {
  const ArchiveFiles files(store, archive, what);
  return list_in_store(store, read_archive(store, files, options.platform), what, options);
}

std::vector<LoadedImage> load(store::Store& store, const std::string& host_path,
                              const LoadOptions& options) {
  struct stat info {};
  if (::stat(host_path.c_str(), &info) != 0) fail_errno("cannot load ", quoted(host_path));
  if (S_ISDIR(info.st_mode)) {
    const DirectoryLayout layout(store, host_path);
    return list_in_store(store, read_layout(store, layout, options.platform), layout.what(),
                         options);
  }
  FdSource archive(open_host_file(host_path));
  return load_archive(store, archive, quoted(host_path), options);
}

}  // namespace strata::input
