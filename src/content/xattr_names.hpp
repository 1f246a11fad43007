#pragma once
/// Which extended attributes may come out of an archive.

#include <string_view>

namespace strata {

/// True for names by which overlay file systems are given orders (redirects, opaque directories).
/// Foreign files have no business giving any, wherever they come from.
inline bool is_order_for_overlay(std::string_view name) {
  return name.starts_with("trusted.overlay.") || name.starts_with("user.overlay.");
}

}  // namespace strata
