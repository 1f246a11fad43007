#pragma once
/// From what an overlay's upper directory holds to what a layer says (reference dockerfile.md
/// §1.10). A pure function on data:
///
///  1. A whiteout counts if the parent shows the name; the others are left-overs (of a mount point
///     that the sandbox made, say). So does a socket, which no layer can hold: what it stands in
///     the place of is gone all the same.
///  2. An opaque directory, and every directory inside one, hides the parent's children: each that
///     was not made again becomes a whiteout of its own.
///  3. A file that the overlay only copied up, being just what the parent shows, is left out.
///  4. Names of one file stay together: if one of them has to be said, all are, the first as the
///     file and the others as hard links to it.
///  5. A directory is said if it changed or if anything in it is said.
///  6. Nothing that is said is newer than the epoch.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "strata/content/rootfs_view.hpp"
#include "upper.hpp"

namespace strata::exec {

/// Reads a regular file of the upper directory, to tell it from the parent's when all else is
/// equal.
using DigestFile = std::function<ContentDigest(const std::string& path)>;

/// `newest` is the epoch in seconds.
Tree diff_upper(const std::vector<UpperFile>& files, const RootfsView& parent,
                std::optional<std::int64_t> newest, const DigestFile& digest_file);

}  // namespace strata::exec
