#pragma once
/// What an image runs on, in Go's names: "linux/amd64", "linux/arm/v7".

#include <compare>
#include <string>
#include <string_view>

namespace strata::oci {

struct Platform {
  std::string os = "linux";
  std::string architecture;
  std::string variant;
  friend auto operator<=>(const Platform&, const Platform&) = default;
};

std::string to_string(const Platform& platform);

/// Normalises as containerd does (x86_64 = amd64, aarch64 = arm64, arm/v8 variant dropped for
/// arm64 …). Throws Error usage.
Platform parse_platform(std::string_view text);

/// That of the machine we run on.
Platform host_platform();

/// True if an image for `have` serves a wish for `want`: same os and architecture, and the same
/// variant unless either has none.
bool serves(const Platform& have, const Platform& want);

}  // namespace strata::oci
