#pragma once
/// What a build gives, and where it goes.

#include <optional>
#include <stop_token>
#include <vector>

#include "build_request.hpp"
#include "registry_access.hpp"
#include "session.hpp"
#include "strata/oci/image.hpp"

namespace strata::cli {

/// An image for each platform, and an index of them if there are several.
struct Result {
  std::vector<oci::Image> images;
  std::optional<oci::ImageIndex> index;

  const Digest& id() const { return index ? index->descriptor.digest : images.front().id(); }
  const Digest& digest() const {
    return index ? index->descriptor.digest : images.front().descriptor.digest;
  }
};
Result make_result(std::vector<oci::Image> images);

/// Gives the result its names and writes it where the outputs say. Layers that were only promised
/// are brought for all but a registry: an image that is only pushed is listed in the store only if
/// all of it is here. Throws store::PromiseBroken.
void deliver(const Result& result, const BuildRequest& request, RegistryAccess& access,
             Session& session, const std::stop_token& stop);

/// A small file that an option names.
void write_host_file(const std::string& path, std::string_view text);

/// --iidfile and --metadata-file.
void write_result_files(const Result& result, const BuildRequest& request);

void tell_result(const Result& result, const BuildRequest& request);

}  // namespace strata::cli
