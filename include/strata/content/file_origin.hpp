#pragma once
/// Where COPY and ADD take files from: a build context, an earlier stage, an image, an archive.
/// They all are a tree that can be looked at without touching any bytes, and bytes on demand.

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "strata/base/io.hpp"
#include "strata/content/file_memory.hpp"
#include "strata/content/rootfs_view.hpp"

namespace strata {

/// What is known of a regular file's bytes.
struct FileContent {
  ContentDigest digest;
  /// The bytes, if they had to be read and found room; empty otherwise.
  std::string_view bytes;
};

/// Safe to use from several threads.
class FileOrigin {
 public:
  virtual ~FileOrigin() = default;

  virtual const RootfsView& view() const = 0;

  /// The content digests of regular files of the view, in the order asked for. Where they are not
  /// known yet the bytes are read now (on all cores).
  virtual std::vector<ContentDigest> digests(std::span<const RootfsView::Found> files) = 0;

  /// The same. What has to be read for it is kept in `memory` as far as there is room.
  virtual std::vector<FileContent> contents(std::span<const RootfsView::Found> files,
                                            FileMemory& memory);

  /// The bytes of a regular file of the view.
  virtual std::unique_ptr<Source> open(const RootfsView::Found& file) = 0;
  /// Whether reading that to its end fails unless the bytes have the digest that `digests` tells.
  virtual bool verifies() const { return false; }

  /// Tells digests of files that whoever opened them has found by reading them to their end. An
  /// origin that would have to read them may remember.
  virtual void learn(std::span<const RootfsView::Found> files,
                     std::span<const ContentDigest> digests) {
    (void)files;
    (void)digests;
  }

  /// Why `path` is not there although it exists, in words for an error ("excluded by pattern
  /// "*.log"
  /// (.dockerignore:3)"); empty if it is simply absent.
  virtual std::string why_absent(std::string_view path) const {
    (void)path;
    return {};
  }
};

}  // namespace strata
