#include "strata/output/write.hpp"

#include <algorithm>

#include "strata/base/error.hpp"
#include "strata/base/host_path.hpp"
#include "strata/output/image_archive.hpp"
#include "strata/output/rootfs.hpp"

namespace strata::output {

namespace {

const oci::Image& only_image(std::span<const NamedImage> images, OutputType type) {
  if (images.size() != 1) {
    fail(ErrorKind::usage, "type=", to_string(type), " takes one image, not ", images.size());
  }
  return images.front().image;
}

/// Calls `write` with the destination; a file appears whole or not at all.
template <class Write>
void write_file(const OutputSpec& spec, const Write& write) {
  HostFile file(spec.destination);
  FdSink out(file.fd());
  write(out);
  file.commit();
}

/// "linux/arm/v7" as the name of a directory, as BuildKit has it: "linux_arm_v7".
std::string directory_name(const oci::Platform& platform) {
  std::string name = to_string(platform);
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
}

}  // namespace

void write_output(store::Store& store, std::span<const NamedImage> images, const OutputSpec& spec) {
  if (images.empty()) fail(ErrorKind::usage, "there is no image to write");
  std::vector<NamedImage> renamed;
  if (!spec.names.empty()) {
    renamed.push_back({only_image(images, spec.type), spec.names});
    images = renamed;
  }
  switch (spec.type) {
    case OutputType::oci:
      if (spec.as_directory) return write_layout(store, images, spec.destination);
      return write_file(spec,
                        [&](Sink& out) { write_archive(store, images, ArchiveForm::oci, out); });
    case OutputType::docker:
      return write_file(spec,
                        [&](Sink& out) { write_archive(store, images, ArchiveForm::docker, out); });
    case OutputType::tar:
      return write_file(
          spec, [&](Sink& out) { write_rootfs_tar(store, only_image(images, spec.type), out); });
    case OutputType::local:
      return write_rootfs_directory(store, only_image(images, spec.type), spec.destination);
    case OutputType::registry:
      break;
  }
  fail(ErrorKind::usage, "a registry is no file: images are pushed there");
}

void write_output(store::Store& store, const oci::ImageIndex& index,
                  const std::vector<oci::Reference>& names, const OutputSpec& spec) {
  const auto& called = spec.names.empty() ? names : spec.names;
  switch (spec.type) {
    case OutputType::oci:
      if (spec.as_directory) return write_layout(store, index, called, spec.destination);
      return write_file(spec, [&](Sink& out) { write_archive(store, index, called, out); });
    case OutputType::local:
      for (const oci::Image& image : index.images)
        write_rootfs_directory(store, image,
                               cat(spec.destination, '/', directory_name(image.config.platform)));
      return;
    case OutputType::docker:
    case OutputType::tar:
      fail(ErrorKind::usage, "type=", to_string(spec.type),
           " takes an image for one platform, not ", index.images.size(),
           "; type=oci, type=local and type=registry take several");
    case OutputType::registry:
      break;
  }
  fail(ErrorKind::usage, "a registry is no file: images are pushed there");
}

}  // namespace strata::output
