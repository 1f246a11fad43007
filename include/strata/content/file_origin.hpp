#pragma once
/// Where COPY and ADD take files from: a build context, an earlier stage, an image, an archive.
/// They all are a tree that can be looked at without touching any bytes, and bytes on demand.

#include <memory>
#include <span>
#include <string>

#include "strata/base/io.hpp"
#include "strata/content/rootfs_view.hpp"

namespace strata {

/// Safe to use from several threads.
class FileOrigin {
 public:
  virtual ~FileOrigin() = default;

  virtual const RootfsView& view() const = 0;

  /// The content digests of regular files of the view, in the order asked for. Where they are not
  /// known yet the bytes are read now (on all cores).
  virtual std::vector<ContentDigest> digests(std::span<const RootfsView::Found> files) = 0;

  /// The bytes of a regular file of the view.
  virtual std::unique_ptr<Source> open(const RootfsView::Found& file) = 0;

  /// Why `path` is not there although it exists, in words for an error ("excluded by pattern
  /// "*.log"
  /// (.dockerignore:3)"); empty if it is simply absent.
  virtual std::string why_absent(std::string_view path) const {
    (void)path;
    return {};
  }
};

}  // namespace strata
