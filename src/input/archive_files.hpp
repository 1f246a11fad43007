#pragma once
/// The members of an image archive, taken apart in one pass so that a stream will do. What looks
/// like a blob of a layout, or like a layer, goes straight into the store under the digest it
/// really has; documents go into a work file. Names are looked up in a table and nowhere else: no
/// member name ever becomes a path.

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "strata/base/file.hpp"
#include "strata/base/io.hpp"
#include "strata/content/entry.hpp"
#include "strata/store/store.hpp"

namespace strata::input {

class ArchiveFiles {
 public:
  /// Reads the archive to its end. `store` is borrowed; `what` names the archive in errors.
  ArchiveFiles(store::Store& store, Source& archive, std::string what);

  const std::string& what() const { return what_; }
  bool has(const std::string& name) const { return find(name) != nullptr; }

  /// The bytes of a member; nothing if there is none of that name. More than `size_max`: Error
  /// corrupt. Links inside the archive are followed.
  std::optional<std::string> find_document(const std::string& name, std::size_t size_max) const;
  /// As find_document; Error corrupt if there is none.
  std::string document(const std::string& name, std::size_t size_max) const;

  /// A layer of any compression: stores it if that is not done yet, and checks it. Error corrupt if
  /// there is no such member or it does not unpack to `diff_id`.
  oci::Layer layer(const std::string& name, const std::optional<DiffId>& diff_id) const;

 private:
  struct Member {
    std::optional<Digest> blob;  ///< where its bytes are: in the store, else in the work file
    std::uint64_t offset = 0;    ///< in the work file
    std::uint64_t size = 0;
    std::optional<std::string> link;  ///< then it is another name of that member
  };

  void take(const Entry& entry, Source& data);
  Digest store_blob(const Entry& entry, Source& data);
  const Member* find(const std::string& name) const;

  store::Store& store_;
  std::string what_;
  store::WorkDirectory work_;
  NewFile documents_;
  std::uint64_t documents_size_ = 0;
  std::map<std::string, Member> members_;
};

}  // namespace strata::input
