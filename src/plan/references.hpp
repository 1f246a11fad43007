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
///
/// What --build-context says of a name goes before the stages and images that have it. --from looks
/// contexts up for the platform that is built for, FROM for that of its stage.
class References {
 public:
  References(const dockerfile::Stages& stages, const Options& options, ImageSource& images)
      : stages_(stages), options_(options), images_(images) {}

  /// The earlier stage that FROM names in stage `self`; nothing if it is an image's name. Here a
  /// number is never an index.
  std::optional<std::size_t> find_base_stage(int self, std::string_view name,
                                             const oci::Platform& platform) const;
  /// The earlier stage that COPY --from names; nothing if it is something else's name.
  std::optional<std::size_t> find_copy_stage(int self, std::string_view name) const;
  /// The build context of files that --from names, by the name to open it under.
  std::optional<std::string> find_copy_context(std::string_view name) const;

  /// Throws Error dockerfile if FROM names a context that is no image and no earlier stage.
  void check_base(int self, std::string_view name, const oci::Platform& platform) const;
  /// Throws Error dockerfile if what COPY --from says can name nothing: it has a variable, is a
  /// number that no stage has, or is the stage itself or one that comes later, and so could never
  /// be built first.
  void check_copy_stage(int self, std::string_view name) const;

  /// Throws Error dockerfile naming what is like it if there is no such image. `self` is the stage
  /// that asks.
  std::shared_ptr<const oci::Image> image(int self, const std::string& name,
                                          const oci::Platform& platform);

 private:
  NamedContexts::Found find_context(std::string_view name, const oci::Platform& platform) const {
    return options_.contexts.find(name, platform);
  }
  void check_stage(int self, std::string_view name, std::string_view written) const;
  std::shared_ptr<const oci::Image> find_image(int self, const std::string& name,
                                               const oci::Platform& platform);
  std::vector<std::string> known_names(int self) const;

  const dockerfile::Stages& stages_;
  const Options& options_;
  ImageSource& images_;
  std::map<std::pair<std::string, oci::Platform>, std::shared_ptr<const oci::Image>> found_;
};

}  // namespace strata::plan
