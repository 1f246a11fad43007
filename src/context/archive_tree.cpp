#include "context/archive_tree.hpp"

#include <unordered_map>

#include "strata/base/error.hpp"

namespace strata::context {

namespace {

constexpr int link_hops_max = 255;  // as the kernel's ELOOP, and generous
constexpr std::size_t name_count_max = 5'000'000;

}  // namespace

void ArchiveTree::add(ArchivedFile file) {
  const std::string path = resolve_parent(file.entry.path);
  // "./", which most archives begin with: the place they are unpacked to keeps its own attributes.
  if (path.empty()) return;
  if (file.entry.type == EntryType::hard_link) return link(file.entry, path);

  Node node;
  if (file.entry.is_file()) {
    node.inode = inodes_.size();
    inodes_.push_back({file.entry, file.offset});
  }
  node.entry = std::move(file.entry);
  put(path, std::move(node));
}

void ArchiveTree::link(const Entry& entry, const std::string& path) {
  const auto target = nodes_.find(resolve_parent(entry.rare->link));
  if (target == nodes_.end() || target->second.entry.is_directory()) {
    fail(ErrorKind::corrupt, what_, ": ", quoted(entry.path), " is a hard link to ",
         quoted(entry.rare->link), ", which is no file before it in the archive");
  }
  if (target->first != path) put(path, Node(target->second));
}

void ArchiveTree::put(const std::string& path, Node node) {
  const auto existing = nodes_.find(path);
  const bool merges = node.entry.is_directory() &&
                      (existing == nodes_.end() || existing->second.entry.is_directory());
  if (!merges) remove(path);
  node.entry.path = path;
  nodes_.insert_or_assign(path, std::move(node));
  if (nodes_.size() > name_count_max) {
    fail(ErrorKind::corrupt, what_, ": more than ", name_count_max, " entries");
  }
}

/// With all that lies below, whether or not the archive names the path itself.
void ArchiveTree::remove(const std::string& path) {
  auto node = nodes_.lower_bound(path);
  while (node != nodes_.end() && is_within(node->first, path)) node = nodes_.erase(node);
}

/// `path` with the links among its parents followed, as an unpacker that cannot leave its root
/// would. Parents that do not exist stay as they are.
std::string ArchiveTree::resolve_parent(const std::string& path) const {
  std::string done;
  std::string rest = path;
  for (int hops = 0; rest.find('/') != std::string::npos;) {
    const auto slash = rest.find('/');
    const std::string next = join_path(done, std::string_view(rest).substr(0, slash));
    rest.erase(0, slash + 1);
    const auto node = nodes_.find(next);
    if (node == nodes_.end() || node->second.entry.is_directory()) {
      done = next;
      continue;
    }
    if (node->second.entry.type != EntryType::symlink || ++hops > link_hops_max) {
      fail(ErrorKind::corrupt, what_, ": ", quoted(path), " lies below ", quoted(next),
           ", which is no directory");
    }
    const std::string& link = node->second.entry.rare->link;
    const std::string target = link.starts_with('/') ? link : cat(done, "/", link);
    rest = join_path(root_path(target), rest);
    done.clear();
  }
  return join_path(done, rest);
}

std::vector<ArchivedFile> ArchiveTree::take() {
  std::unordered_map<Inode, std::string> first_paths;
  std::vector<ArchivedFile> files;
  files.reserve(nodes_.size());
  for (auto& [path, node] : nodes_) {
    if (!node.inode) {
      files.push_back({std::move(node.entry), 0});
      continue;
    }
    ArchivedFile file = inodes_[*node.inode];
    file.entry.path = path;
    const auto [first, is_first] = first_paths.emplace(*node.inode, path);
    if (!is_first) {
      file = {};
      file.entry.path = path;
      file.entry.type = EntryType::hard_link;
      file.entry.rare.edit().link = first->second;
    }
    files.push_back(std::move(file));
  }
  nodes_.clear();
  inodes_.clear();
  return files;
}

}  // namespace strata::context
