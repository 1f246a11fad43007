#include "plan/references.hpp"

#include "plan/findings.hpp"
#include "strata/dockerfile/flags.hpp"

namespace strata::plan {

namespace {

std::optional<std::size_t> index_of(const dockerfile::Stage* stage) {
  if (stage == nullptr) return std::nullopt;
  return static_cast<std::size_t>(stage->index);
}

std::string place_of(const dockerfile::Stage& stage) {
  return cat("line ", stage.from->lines.first_line);
}

}  // namespace

std::optional<std::string> copy_origin_name(const dockerfile::Instruction& instruction) {
  if (instruction.keyword != dockerfile::Keyword::copy) return std::nullopt;
  auto name = dockerfile::find_flag(instruction, "from");
  return name && name->empty() ? std::nullopt : name;
}

std::optional<std::size_t> References::find_base_stage(int self, std::string_view name) const {
  if (parse_decimal(name)) return std::nullopt;
  return index_of(stages_.find_before(self, name));
}

std::optional<std::size_t> References::find_copy_stage(int self, std::string_view name) const {
  return index_of(stages_.find_before(self, name));
}

void References::check_copy_stage(int self, std::string_view name) const {
  if (name.find('$') != std::string_view::npos) {
    refuse(cat("--from=", name, ": variables are not expanded here"),
           "name a stage that begins FROM the variable");
  }
  if (find_copy_stage(self, name)) return;
  const dockerfile::Stage* stage = stages_.find(name);
  if (stage == nullptr) {
    if (!parse_decimal(name)) return;
    refuse(cat("--from=", name, ": there is no stage of this index"),
           self == 0 ? "no stage stands before this one"
                     : cat("the stages before this one are 0 to ", self - 1));
  }
  if (stage->index == self) {
    refuse(cat("--from=", name, ": a stage cannot take files from itself"),
           "name an earlier stage or an image");
  }
  refuse(cat("--from=", name, ": this stage begins later, at ", place_of(*stage)),
         "a stage takes only from earlier ones: move it up");
}

std::shared_ptr<const oci::Image> References::image(int self, const std::string& name,
                                                    const oci::Platform& platform) {
  const auto key = std::make_pair(name, platform);
  if (const auto known = found_.find(key); known != found_.end()) return known->second;
  auto image = images_.find(name, platform);
  if (image == nullptr) {
    refuse(cat("no image or earlier stage is called ", quoted(name)),
           dockerfile::did_you_mean(name, known_names(self)));
  }
  found_.emplace(key, image);
  return image;
}

std::vector<std::string> References::known_names(int self) const {
  std::vector<std::string> names = images_.names();
  for (const auto& stage : stages_.stages) {
    if (stage.index < self && !stage.name.empty()) names.push_back(stage.name);
  }
  return names;
}

}  // namespace strata::plan
