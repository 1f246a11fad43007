#pragma once
/// Trees as text, for tests that read like a listing. One entry a line:
///
///   app/ 0755 0:0 @5          directory, mode, owner, mtime
///   app/run 4755 =content     regular file
///   app/link -> target        symbolic link
///   app/other => app/run      hard link
///   app/gone !                whiteout
///   app/ !!                   opaque mark
///   dev/null c 1:3            character device
///
/// Mode defaults to 0755 for directories and 0644 for files, owner to 0:0, mtime to 0, content to
/// nothing. Printing leaves defaults out.

#include <map>
#include <string>
#include <string_view>

#include "strata/content/file_origin.hpp"
#include "strata/content/tree.hpp"

namespace strata::exec {

Tree parse_tree(std::string_view text);
/// Contents are shown where they are known from `parse_tree`.
std::string print_tree(const Tree& tree);
/// A view of one layer.
RootfsView parse_view(std::string_view text);

/// The content that `parse_tree` gave a file of this digest.
const std::string& content_of(const ContentDigest& digest);

/// Files of a text.
class TextOrigin : public FileOrigin {
 public:
  explicit TextOrigin(std::string_view text) : view_(parse_view(text)) {}
  const RootfsView& view() const override { return view_; }
  std::vector<ContentDigest> digests(std::span<const RootfsView::Found> files) override;
  std::unique_ptr<Source> open(const RootfsView::Found& file) override;
  std::string why_absent(std::string_view path) const override;

  std::map<std::string, std::string, std::less<>> absent;  ///< reasons by path

 private:
  RootfsView view_;
};

}  // namespace strata::exec
