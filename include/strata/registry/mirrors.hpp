#pragma once
/// Where images are really fetched: the part of containers-registries.conf(5) that most people use.
///
///   [[registry]]
///   prefix = "docker.io"              # of names; the location if not said
///   location = "registry.example"     # takes the prefix's place
///   insecure = true                   # plain http, or a certificate that nobody vouches for
///   blocked = true                    # is not asked at all
///   [[registry.mirror]]
///   location = "mirror.example/hub"   # asked before, in order
///   insecure = false
///
/// What only says how short names are completed is passed over, since here they mean docker.io.
/// Anything else is an error that names the line: a mirror that is not understood is not one to
/// pass by in silence.

#include <string>
#include <string_view>
#include <vector>

#include "strata/oci/reference.hpp"

namespace strata::registry {

/// A repository at a registry: where requests go.
struct Place {
  std::string host;        ///< "docker.io", "example.org:5000"
  std::string repository;  ///< "library/busybox"
  bool is_insecure = false;
  friend bool operator==(const Place&, const Place&) = default;
};

struct MirrorRule {
  struct Location {
    std::string text;  ///< host and maybe path
    bool is_insecure = false;
    friend bool operator==(const Location&, const Location&) = default;
  };
  std::string prefix;
  Location location;
  std::vector<Location> mirrors;
  bool is_blocked = false;
  friend bool operator==(const MirrorRule&, const MirrorRule&) = default;
};
using MirrorRules = std::vector<MirrorRule>;

/// Throws Error usage with `what` and the line.
MirrorRules parse_mirror_rules(std::string_view text, std::string_view what);

/// Where to ask for an image, the best place first and its own registry last. The rule with the
/// longest prefix counts. Throws Error denied for a blocked one.
std::vector<Place> places_to_pull(const MirrorRules& rules, const oci::Reference& image);
/// Where to send an image: never to a mirror.
Place place_to_push(const MirrorRules& rules, const oci::Reference& image);

}  // namespace strata::registry
