#pragma once
/// The build checks of FROM: names and platforms that depend on variables.

#include <vector>

#include "plan/checked_stage.hpp"

namespace strata::plan {

/// Variables and --platform of one FROM.
std::vector<dockerfile::Warning> check_from(const dockerfile::Stage& stage,
                                            const CheckSources& sources);

/// Stages whose base has no proper name as long as no --build-arg is given.
std::vector<dockerfile::Warning> check_default_bases(const CheckSources& sources);

/// A base image that was made for another platform than the stage has.
std::vector<dockerfile::Warning> check_base_platform(const Outline& outline);

/// As `check_base_platform`, for any image taken at `lines`.
std::vector<dockerfile::Warning> check_image_platform(const std::string& name,
                                                      const oci::Image& image,
                                                      const oci::Platform& expected,
                                                      dockerfile::SourceRange lines);

}  // namespace strata::plan
