#pragma once
/// How a container runs: what its image says, with the caller's wishes laid over it by Docker's
/// rules.

#include <string>
#include <vector>

#include "strata/container/container.hpp"
#include "strata/oci/image_config.hpp"

namespace strata::container {

/// The image's `config` with the wishes in it. A command takes the place of CMD; an entrypoint
/// takes the place of ENTRYPOINT and drops the image's CMD, which was meant for another program.
oci::RunConfig lay_over(const oci::RunConfig& image, const Wishes& wishes);

/// Entrypoint and command together. Error usage if there is nothing to run.
std::vector<std::string> command_of(const oci::RunConfig& settings, std::string_view image_name);

/// Absolute and clean. Error usage if what is said is not absolute.
std::string working_dir_of(const oci::RunConfig& settings);

std::string hostname_of(const Container& container);

/// What the process finds in its environment: PATH, HOSTNAME and with a terminal TERM, unless the
/// settings say otherwise, and HOME.
std::vector<std::string> environment_of(const oci::RunConfig& settings, const Container& container,
                                        const std::string& home);

}  // namespace strata::container
