#pragma once
/// How large a plan may grow.

#include <cstddef>
#include <string>
#include <vector>

#include "strata/plan/step.hpp"

namespace strata::plan {

/// Every step keeps the config it leaves, and a RUN the environment it is given, so a file of
/// nothing but ENV or ARG and RUN would cost the square of its size.
inline constexpr std::size_t plan_size_max = 256u << 20;

/// The bytes that all steps of one plan take.
class PlanSize {
 public:
  /// Throws Error dockerfile when the sum passes `plan_size_max` with this.
  void add(std::size_t bytes);
  /// Whether that has happened, so that it is said once.
  bool exceeded() const { return bytes_ > plan_size_max; }

 private:
  std::size_t bytes_ = 0;
};

std::size_t bytes_of(const std::vector<std::string>& texts);
std::size_t bytes_of(const oci::RunConfig& config);

}  // namespace strata::plan
