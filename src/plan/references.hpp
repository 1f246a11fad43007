#pragma once
/// What the names in FROM and COPY --from mean: an earlier stage, or an image.

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "strata/dockerfile/stages.hpp"
#include "strata/plan/make_plan.hpp"

namespace strata::plan {

/// What COPY --from names; nothing for another instruction, and if it names nothing.
std::optional<std::string> copy_origin_name(const dockerfile::Instruction& instruction);

/// Looks names up, and asks for each image once only. Borrows what it is made from. Not
/// thread-safe.
class References {
 public:
  References(const dockerfile::Stages& stages, ImageSource& images)
      : stages_(stages), images_(images) {}

  /// The earlier stage that FROM names in stage `self`; nothing if it is an image's name. Here a
  /// number is never an index.
  std::optional<std::size_t> find_base_stage(int self, std::string_view name) const;
  /// The earlier stage that COPY --from names; nothing if it is an image's name.
  std::optional<std::size_t> find_copy_stage(int self, std::string_view name) const;
  /// Throws Error dockerfile if what COPY --from says can name nothing: it has a variable, is a
  /// number that no stage has, or is the stage itself or one that comes later, and so could never
  /// be built first.
  void check_copy_stage(int self, std::string_view name) const;

  /// Throws Error dockerfile naming what is like it if there is no such image. `self` is the stage
  /// that asks.
  std::shared_ptr<const oci::Image> image(int self, const std::string& name,
                                          const oci::Platform& platform);

 private:
  std::vector<std::string> known_names(int self) const;

  const dockerfile::Stages& stages_;
  ImageSource& images_;
  std::map<std::pair<std::string, oci::Platform>, std::shared_ptr<const oci::Image>> found_;
};

}  // namespace strata::plan
