#pragma once
/// Where the result of a build goes: the value of `-o`, as a closed little language.
///
///   type=oci|docker|tar|local[,dest=PATH|-][,tar=true|false][,name=REFERENCE]
///   type=registry[,name=REFERENCE]
///   PATH     means type=local,dest=PATH        -     means type=tar,dest=-

#include <string>
#include <string_view>
#include <vector>

#include "strata/oci/reference.hpp"

namespace strata::output {

enum class OutputType {
  oci,       ///< OCI archive, or a layout directory with tar=false
  docker,    ///< docker archive
  tar,       ///< the flattened root file system as a tar
  local,     ///< the flattened root file system as a directory
  registry,  ///< sent to the registry of each of its names
};

/// "oci", "docker", "tar", "local", "registry".
std::string to_string(OutputType type);

struct OutputSpec {
  OutputType type = OutputType::oci;
  std::string destination;            ///< a host path; "-" is standard output
  bool as_directory = false;          ///< oci with tar=false; always so for local
  std::vector<oci::Reference> names;  ///< name=…: what the image is called in the output

  bool to_standard_output() const { return destination == "-"; }
};

/// Throws Error usage naming the option, what is allowed, and the nearest word for a misspelt one.
/// Known options of other builders that do not exist here yet (type=image, compression=…) are
/// refused as not supported, never ignored.
OutputSpec parse_output(std::string_view text);

}  // namespace strata::output
