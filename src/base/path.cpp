#include "strata/base/path.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace strata {

namespace {

/// Cleans one path: what is left of it, component by component.
class CleanPath {
 public:
  /// `at_root`: a ".." that nothing precedes goes nowhere; otherwise it is kept.
  CleanPath(std::string_view path, bool at_root) {
    for (const auto component : path_components(path)) add(component, at_root);
  }

  std::string text() const {
    std::string out;
    for (const auto component : components_) {
      if (!out.empty()) out += '/';
      out += component;
    }
    return out;
  }

 private:
  void add(std::string_view component, bool at_root) {
    if (component == ".") return;
    if (component != "..") {
      components_.push_back(component);
    } else if (!components_.empty() && components_.back() != "..") {
      components_.pop_back();
    } else if (!at_root) {
      components_.push_back(component);
    }
  }

  std::vector<std::string_view> components_;
};

}  // namespace

std::string root_path(std::string_view any) { return CleanPath(any, true).text(); }

std::string clean_path(std::string_view path) {
  if (path.starts_with('/')) return "/" + root_path(path);
  const auto text = CleanPath(path, false).text();
  return text.empty() ? "." : text;
}

std::string absolute_path(std::string_view base, std::string_view path) {
  std::string whole = "/";
  if (!path.starts_with('/')) (whole += base) += '/';
  return clean_path(whole += path);
}

std::string join_path(std::string_view parent, std::string_view child) {
  std::string out(parent);
  if (!parent.empty() && !child.empty()) out += '/';
  return out += child;
}

std::string_view parent_path(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view base_name(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool is_within(std::string_view path, std::string_view ancestor) {
  if (ancestor.empty()) return true;
  if (!path.starts_with(ancestor)) return false;
  return path.size() == ancestor.size() || path[ancestor.size()] == '/';
}

std::vector<std::string_view> path_components(std::string_view path) {
  std::vector<std::string_view> components;
  while (!path.empty()) {
    const auto component = path.substr(0, path.find('/'));
    if (!component.empty()) components.push_back(component);
    path.remove_prefix(std::min(component.size() + 1, path.size()));
  }
  return components;
}

// Paths that are compared lie in one tree and begin alike: eight bytes at a time.
std::size_t common_prefix_size(std::string_view left, std::string_view right) {
  const std::size_t size = std::min(left.size(), right.size());
  std::size_t same = 0;
  for (std::uint64_t l = 0, r = 0; same + sizeof l <= size; same += sizeof l) {
    std::memcpy(&l, left.data() + same, sizeof l);
    std::memcpy(&r, right.data() + same, sizeof r);
    if (l != r) break;
  }
  while (same < size && left[same] == right[same]) ++same;
  return same;
}

std::strong_ordering compare_paths(std::string_view left, std::string_view right) {
  // Component by component is the same as byte by byte with the slash below all other bytes.
  const std::size_t same = common_prefix_size(left, right);
  if (same == left.size() || same == right.size()) return left.size() <=> right.size();
  if (left[same] == '/') return std::strong_ordering::less;
  if (right[same] == '/') return std::strong_ordering::greater;
  return static_cast<unsigned char>(left[same]) <=> static_cast<unsigned char>(right[same]);
}

}  // namespace strata
