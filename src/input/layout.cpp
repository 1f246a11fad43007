#include "strata/input/layout.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "input/host_file.hpp"
#include "input/layout_images.hpp"
#include "strata/base/error.hpp"

namespace strata::input {

namespace {

bool exists(const std::string& host_path) {
  struct stat info {};
  return ::stat(host_path.c_str(), &info) == 0;
}

bool is_directory(const std::string& host_path) {
  struct stat info {};
  return ::stat(host_path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

bool is_called(const ListedImage& image, const std::string& wanted) {
  if (image.descriptor.digest == Digest::find(wanted)) return true;
  if (std::find(image.ref_names.begin(), image.ref_names.end(), wanted) != image.ref_names.end()) {
    return true;
  }
  return std::any_of(image.names.begin(), image.names.end(), [&](const oci::Reference& name) {
    return name.tag == wanted || oci::canonical_name(name) == wanted ||
           oci::familiar_name(name) == wanted || oci::familiar_repository(name) == wanted;
  });
}

std::string list_names(const std::vector<ListedImage>& images) {
  std::vector<std::string> names;
  for (const ListedImage& image : images) {
    for (const std::string& name : image.ref_names) names.push_back(quoted(name));
    if (image.ref_names.empty()) names.push_back(to_string(image.descriptor.digest));
  }
  return names.empty() ? "no image" : join(names, ", ");
}

const ListedImage& choose(const std::vector<ListedImage>& images, const std::string& wanted,
                          const std::string& what) {
  const ListedImage* chosen = nullptr;
  for (const ListedImage& image : images) {
    if (!wanted.empty() && !is_called(image, wanted)) continue;
    if (chosen) {
      fail(ErrorKind::usage, what, " holds several images",
           wanted.empty() ? "" : cat(" called ", quoted(wanted)), "; name one of ",
           list_names(images));
    }
    chosen = &image;
  }
  if (!chosen) {
    fail(ErrorKind::not_found, what, " has no image", wanted.empty() ? "" : " " + quoted(wanted),
         "; it has ", list_names(images));
  }
  return *chosen;
}

oci::Image open(store::Store& store, const LayoutFiles& files, const std::string& image,
                const oci::Platform& platform) {
  const ListedImage chosen = choose(list_images(files, platform), image, files.what());
  return fetch_image(store, files, chosen.descriptor, platform);
}

}  // namespace

LayoutReference parse_layout_reference(std::string_view text) {
  for (std::size_t end = text.size(); end != std::string_view::npos && end > 0;
       end = text.find_last_of(":@", end - 1)) {
    const std::string path(text.substr(0, end));
    if (exists(path)) return {path, std::string(end < text.size() ? text.substr(end + 1) : "")};
  }
  return {std::string(text), ""};
}

oci::Image open_layout(store::Store& store, const LayoutReference& layout,
                       const oci::Platform& platform) {
  if (is_directory(layout.host_path)) {
    return open(store, DirectoryLayout(store, layout.host_path), layout.image, platform);
  }
  FdSource archive(open_host_file(layout.host_path));
  const ArchiveFiles files(store, archive, quoted(layout.host_path));
  return open(store, ArchiveLayout(store, files), layout.image, platform);
}

}  // namespace strata::input
