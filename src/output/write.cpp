#include "strata/output/write.hpp"

#include "output/host_path.hpp"
#include "strata/base/error.hpp"
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

void write_archive_file(store::Store& store, std::span<const NamedImage> images,
                        const OutputSpec& spec) {
  HostFile file(spec.destination);
  FdSink out(file.fd());
  const bool is_docker = spec.type == OutputType::docker;
  write_archive(store, images, is_docker ? ArchiveForm::docker : ArchiveForm::oci, out);
  file.commit();
}

void write_tar_file(store::Store& store, const oci::Image& image, const OutputSpec& spec) {
  HostFile file(spec.destination);
  FdSink out(file.fd());
  write_rootfs_tar(store, image, out);
  file.commit();
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
      return write_archive_file(store, images, spec);
    case OutputType::docker:
      return write_archive_file(store, images, spec);
    case OutputType::tar:
      return write_tar_file(store, only_image(images, spec.type), spec);
    case OutputType::local:
      return write_rootfs_directory(store, only_image(images, spec.type), spec.destination);
  }
}

}  // namespace strata::output
