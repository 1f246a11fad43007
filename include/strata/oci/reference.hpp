#pragma once
/// Names of images as people write them: [host[:port]/]path[:tag][@digest], with Docker's defaults
/// (distribution/reference): no host means docker.io, a single component there lives in library/,
/// no tag and no digest means "latest".

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "strata/content/digest.hpp"

namespace strata::oci {

struct Reference {
  std::string domain;  ///< "docker.io"
  std::string path;    ///< "library/busybox"
  std::string tag;     ///< empty only if there is a digest
  std::optional<Digest> digest;
  friend auto operator<=>(const Reference&, const Reference&) = default;
};

/// Throws Error usage saying what is wrong with the name and how one looks.
Reference parse_reference(std::string_view text);

/// In full: "docker.io/library/busybox:latest".
std::string canonical_name(const Reference& reference);
/// As people say it: "busybox:latest".
std::string familiar_name(const Reference& reference);
/// Without tag and digest, as people say it: "busybox".
std::string familiar_repository(const Reference& reference);

}  // namespace strata::oci
