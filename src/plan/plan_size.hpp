#pragma once
/// How large a plan may grow.

#include <cstddef>
#include <string>
#include <vector>

#include "strata/plan/step.hpp"

namespace strata::plan {

/// Every RUN keeps the environment it is given, and every stage begins with the config of the one
/// below, so a file of nothing but ARG and RUN or FROM would cost the square of its size; and what
/// ENV says may double what it said before.
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
