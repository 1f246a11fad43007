#include "strata/plan/named_context.hpp"

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"
#include "strata/oci/reference.hpp"

namespace strata::plan {

namespace {

constexpr std::string_view platform_mark = "::";
constexpr std::string_view default_tag = ":latest";

/// Throws Error usage for what is no image's name.
std::string one_form(std::string_view name) {
  std::string form = oci::familiar_name(oci::parse_reference(name));
  if (form.ends_with(default_tag)) form.resize(form.size() - default_tag.size());
  return form;
}

std::optional<std::string> find_form(std::string_view name) {
  try {
    return one_form(name);
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string form_for(const std::string& form, const oci::Platform& platform) {
  return cat(form, platform_mark, platform);
}

}  // namespace

std::string NamedContexts::add(std::string_view name, NamedContext context) {
  const auto mark = name.find(platform_mark);
  std::string form = one_form(name.substr(0, mark));
  if (mark != std::string_view::npos)
    form = form_for(form, oci::parse_platform(name.substr(mark + platform_mark.size())));
  if (form == "scratch")
    fail(ErrorKind::usage, "--build-context: \"scratch\" is the empty image and no free name");
  contexts_[form] = std::move(context);
  return form;
}

NamedContexts::Found NamedContexts::find(std::string_view name,
                                         const oci::Platform& platform) const {
  if (contexts_.empty()) return nullptr;
  const auto form = find_form(name);
  if (!form) return nullptr;
  auto found = contexts_.find(form_for(*form, platform));
  if (found == contexts_.end()) found = contexts_.find(*form);
  return found == contexts_.end() ? nullptr : &*found;
}

}  // namespace strata::plan
