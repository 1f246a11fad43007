#pragma once
/// The files of an OCI image layout, in a directory or in an archive.

#include <optional>
#include <string>

#include "input/archive_files.hpp"
#include "strata/base/root.hpp"
#include "strata/oci/descriptor.hpp"
#include "strata/store/store.hpp"

namespace strata::input {

class LayoutFiles {
 public:
  virtual ~LayoutFiles() = default;
  /// Names the layout in errors.
  virtual const std::string& what() const = 0;
  virtual std::optional<std::string> find_document(const std::string& name,
                                                   std::size_t size_max) const = 0;
  /// Makes sure that the store has the blob, whole and held. Error corrupt if the layout lacks it.
  virtual void fetch(const oci::Descriptor& blob) const = 0;
};

class DirectoryLayout : public LayoutFiles {
 public:
  DirectoryLayout(store::Store& store, const std::string& host_path);
  const std::string& what() const override { return what_; }
  std::optional<std::string> find_document(const std::string& name,
                                           std::size_t size_max) const override;
  void fetch(const oci::Descriptor& blob) const override;

 private:
  store::Store& store_;
  std::string what_;
  Root root_;
};

/// The blobs of an archive are in the store already.
class ArchiveLayout : public LayoutFiles {
 public:
  ArchiveLayout(store::Store& store, const ArchiveFiles& files);
  const std::string& what() const override { return files_.what(); }
  std::optional<std::string> find_document(const std::string& name,
                                           std::size_t size_max) const override {
    return files_.find_document(name, size_max);
  }
  void fetch(const oci::Descriptor& blob) const override;

 private:
  store::Store& store_;
  const ArchiveFiles& files_;
};

}  // namespace strata::input
