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

std::optional<std::size_t> References::find_base_stage(int self, std::string_view name,
                                                       const oci::Platform& platform) const {
  if (const auto context = find_context(name, platform)) {
    const auto* other_name = std::get_if<ContextStage>(&context->second);
    return other_name ? index_of(stages_.find_before(self, other_name->stage)) : std::nullopt;
  }
  if (parse_decimal(name)) return std::nullopt;
  return index_of(stages_.find_before(self, name));
}

std::optional<std::size_t> References::find_copy_stage(int self, std::string_view name) const {
  if (const auto context = find_context(name, options_.platform)) {
    const auto* other_name = std::get_if<ContextStage>(&context->second);
    return other_name ? index_of(stages_.find_before(self, other_name->stage)) : std::nullopt;
  }
  return index_of(stages_.find_before(self, name));
}

std::optional<std::string> References::find_copy_context(std::string_view name) const {
  const auto context = find_context(name, options_.platform);
  if (!context || !std::holds_alternative<ContextFiles>(context->second)) return std::nullopt;
  return context->first;
}

void References::check_base(int self, std::string_view name, const oci::Platform& platform) const {
  const auto context = find_context(name, platform);
  if (!context) return;
  if (std::holds_alternative<ContextFiles>(context->second)) {
    refuse(cat("FROM ", name, ": the build context ", quoted(context->first),
               " holds files and is no image"),
           "FROM takes docker-image://, oci-layout:// and target: contexts; COPY --from takes any");
  }
  if (const auto* other_name = std::get_if<ContextStage>(&context->second))
    check_stage(self, other_name->stage,
                cat("--build-context ", name, "=target:", other_name->stage));
}

void References::check_copy_stage(int self, std::string_view name) const {
  if (name.find('$') != std::string_view::npos) {
    refuse(cat("--from=", name, ": variables are not expanded here"),
           "name a stage that begins FROM the variable");
  }
  if (const auto context = find_context(name, options_.platform)) {
    if (const auto* other_name = std::get_if<ContextStage>(&context->second))
      check_stage(self, other_name->stage,
                  cat("--build-context ", name, "=target:", other_name->stage));
    return;
  }
  if (stages_.find(name) == nullptr && !parse_decimal(name)) return;  // an image
  check_stage(self, name, cat("--from=", name));
}

/// Throws unless `name` is an earlier stage; `written` is what named it.
void References::check_stage(int self, std::string_view name, std::string_view written) const {
  if (stages_.find_before(self, name) != nullptr) return;
  const dockerfile::Stage* stage = stages_.find(name);
  if (stage == nullptr && parse_decimal(name)) {
    refuse(cat(written, ": there is no stage of this index"),
           self == 0 ? "no stage stands before this one"
                     : cat("the stages before this one are 0 to ", self - 1));
  }
  if (stage == nullptr) {
    refuse(cat(written, ": there is no stage of this name"),
           dockerfile::did_you_mean(name, known_names(self)));
  }
  if (stage->index == self) {
    refuse(cat(written, ": a stage cannot take files from itself"),
           "name an earlier stage or an image");
  }
  refuse(cat(written, ": this stage begins later, at ", place_of(*stage)),
         "a stage takes only from earlier ones: move it up");
}

std::shared_ptr<const oci::Image> References::image(int self, const std::string& name,
                                                    const oci::Platform& platform) {
  const auto key = std::make_pair(name, platform);
  if (const auto known = found_.find(key); known != found_.end()) return known->second;
  auto image = find_image(self, name, platform);
  if (image == nullptr) {
    refuse(cat("no image or earlier stage is called ", quoted(name)),
           dockerfile::did_you_mean(name, known_names(self)));
  }
  found_.emplace(key, image);
  return image;
}

std::shared_ptr<const oci::Image> References::find_image(int self, const std::string& name,
                                                         const oci::Platform& platform) {
  const auto context = find_context(name, platform);
  if (context) return images_.context_image(context->first, platform);
  try {
    return images_.find(name, platform);
  } catch (Error& error) {
    // Whoever was asked in vain may have been asked because of a slip.
    const auto hint = dockerfile::did_you_mean(name, known_names(self));
    if (error.kind() == ErrorKind::not_found) {
      refuse(cat("no image or earlier stage is called ", quoted(name), ": ", error.message()),
             hint);
    }
    if (hint.empty()) throw;
    throw error.note(hint);
  }
}

std::vector<std::string> References::known_names(int self) const {
  std::vector<std::string> names = images_.names();
  for (const auto& stage : stages_.stages) {
    if (stage.index < self && !stage.name.empty()) names.push_back(stage.name);
  }
  return names;
}

}  // namespace strata::plan
