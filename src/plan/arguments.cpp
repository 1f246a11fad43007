#include "plan/arguments.hpp"

#include <algorithm>
#include <array>

#include "plan/findings.hpp"

namespace strata::plan {

namespace {

constexpr std::array<std::string_view, 5> proxy_names = {"HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY",
                                                         "NO_PROXY", "ALL_PROXY"};

constexpr std::array<std::string_view, 2> never_set = {"BUILDKIT_SBOM_SCAN_CONTEXT",
                                                       "BUILDKIT_SBOM_SCAN_STAGE"};

std::vector<Argument> automatic_arguments(const Options& options, const std::string& target_name) {
  const auto& build = options.build_platform;
  const auto& target = options.platform;
  return {{"BUILDPLATFORM", to_string(build)},
          {"BUILDOS", build.os},
          {"BUILDOSVERSION", ""},
          {"BUILDARCH", build.architecture},
          {"BUILDVARIANT", build.variant},
          {"TARGETPLATFORM", to_string(target)},
          {"TARGETOS", target.os},
          {"TARGETOSVERSION", ""},
          {"TARGETARCH", target.architecture},
          {"TARGETVARIANT", target.variant},
          {"TARGETSTAGE", target_name.empty() ? "default" : target_name}};
}

const std::string* find_given(const std::map<std::string, std::string>& given,
                              const std::string& name) {
  const auto found = given.find(name);
  return found == given.end() ? nullptr : &found->second;
}

bool is_automatic(std::string_view name) {
  const auto arguments = automatic_arguments(Options{}, {});
  return std::any_of(arguments.begin(), arguments.end(),
                     [&](const Argument& argument) { return argument.name == name; });
}

/// Names that steer the builder itself, or that need no declaration.
bool is_predefined(std::string_view name) {
  const std::string upper = to_upper(name);
  return is_automatic(name) || name == "SOURCE_DATE_EPOCH" || name.substr(0, 9) == "BUILDKIT_" ||
         std::find(proxy_names.begin(), proxy_names.end(), upper) != proxy_names.end();
}

}  // namespace

GlobalArguments::GlobalArguments(const Options& options, const std::string& target_name)
    : given_(options.build_args) {
  for (auto& [name, value] : automatic_arguments(options, target_name)) define(name, *value);
}

void GlobalArguments::define(const std::string& name, std::string value) {
  const std::string* given = find_given(given_, name);
  names_.insert(name);
  values_[name] = given != nullptr ? *given : std::move(value);
}

void GlobalArguments::declare(const dockerfile::Instruction& arg, char escape) {
  dockerfile::Expander expander(environment(), escape);
  for (const auto& pair : arg.pairs) {
    const std::string* given = find_given(given_, pair.key);
    names_.insert(pair.key);
    if (given != nullptr) {
      values_[pair.key] = *given;
    } else if (pair.value) {
      values_[pair.key] = expander.word(*pair.value);
    }
  }
}

std::optional<std::string> GlobalArguments::find(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

dockerfile::Environment GlobalArguments::environment() const {
  return [this](std::string_view name) { return find(name); };
}

bool is_never_set(std::string_view name) {
  return std::find(never_set.begin(), never_set.end(), name) != never_set.end();
}

void StageArguments::declare(Argument argument) {
  const auto [known, is_new] = places_.emplace(argument.name, list_.size());
  if (is_new) {
    list_.push_back(std::move(argument));
  } else if (argument.value) {
    list_[known->second].value = std::move(argument.value);
  }
}

bool StageArguments::declares(std::string_view name) const { return places_.contains(name); }

std::optional<std::string> StageArguments::find(std::string_view name) const {
  const auto found = places_.find(name);
  if (found == places_.end() || is_never_set(name)) return std::nullopt;
  return list_[found->second].value;
}

std::size_t StageArguments::bytes() const {
  std::size_t bytes = 0;
  for (const auto& argument : list_) {
    bytes += 2 * (sizeof argument + argument.name.size()) + argument.value.value_or("").size();
  }
  return bytes;
}

Argument resolve_argument(const dockerfile::Pair& pair,
                          const std::map<std::string, std::string>& given,
                          const GlobalArguments& globals, dockerfile::Expander& expander) {
  if (const std::string* value = find_given(given, pair.key)) return {pair.key, *value};
  if (pair.value) return {pair.key, expander.word(*pair.value)};
  return {pair.key, globals.find(pair.key)};
}

std::vector<std::string> proxy_environment(const std::map<std::string, std::string>& given,
                                           const dockerfile::Environment& env,
                                           const StageArguments& declared) {
  std::vector<std::string> proxies;
  const auto add = [&](const std::string& name, const std::string* value) {
    if (value == nullptr || declared.declares(name) || env(name)) return;
    proxies.push_back(cat(name, "=", *value));
  };
  for (const std::string_view name : proxy_names) {
    const std::string upper(name);
    const std::string lower = to_lower(name);
    const std::string* upper_value = find_given(given, upper);
    const std::string* lower_value = find_given(given, lower);
    add(upper, upper_value != nullptr ? upper_value : lower_value);
    add(lower, lower_value != nullptr ? lower_value : upper_value);
  }
  return proxies;
}

std::vector<std::string> unused_arguments(const std::map<std::string, std::string>& given,
                                          const std::set<std::string>& declared) {
  std::vector<std::string> unused;
  for (const auto& [name, value] : given) {
    if (!declared.contains(name) && !is_predefined(name)) unused.push_back(name);
  }
  return unused;
}

}  // namespace strata::plan
