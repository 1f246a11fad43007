#include "strata/registry/mirrors.hpp"

#include <algorithm>
#include <array>

#include "registry/registries_conf.hpp"
#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

namespace strata::registry {

namespace {

/// Keys and headings about the completion of short names.
constexpr std::array<std::string_view, 3> passed_over{"unqualified-search-registries",
                                                      "short-name-mode", "[aliases]"};

/// What a heading begins.
enum class Section { top, registry, mirror, ignored };

bool is_passed_over(const std::string& name) {
  return std::find(passed_over.begin(), passed_over.end(), name) != passed_over.end();
}

class RuleReader {
 public:
  explicit RuleReader(std::string_view what) : what_(what) {}

  void take(const ConfLine& line) {
    if (!line.heading.empty()) return take_heading(line);
    if (section_ == Section::ignored) return;
    if (section_ == Section::top) {
      if (!is_passed_over(line.key)) refuse(line, line.key);
    } else if (section_ == Section::registry) {
      take_registry_key(line);
    } else {
      take_location_key(line, rules_.back().mirrors.back());
    }
  }

  MirrorRules finish() {
    for (MirrorRule& rule : rules_) {
      if (rule.prefix.empty()) rule.prefix = rule.location.text;
      if (rule.location.text.empty()) rule.location.text = rule.prefix;
      if (rule.prefix.empty())
        fail(ErrorKind::usage, what_, ": a [[registry]] has neither prefix nor location");
      for (const MirrorRule::Location& mirror : rule.mirrors)
        if (mirror.text.empty())
          fail(ErrorKind::usage, what_, ": a mirror of ", rule.prefix, " has no location");
    }
    return std::move(rules_);
  }

 private:
  [[noreturn]] void refuse(const ConfLine& line, const std::string& name) const {
    fail(ErrorKind::usage, what_, ":", line.number, ": ", quoted(name),
         " is not understood here; known are [[registry]] with prefix, location, insecure and "
         "blocked, and [[registry.mirror]] with location and insecure");
  }

  void take_heading(const ConfLine& line) {
    if (line.heading == "[[registry]]") {
      rules_.emplace_back();
      section_ = Section::registry;
    } else if (line.heading == "[[registry.mirror]]" && !rules_.empty()) {
      rules_.back().mirrors.emplace_back();
      section_ = Section::mirror;
    } else if (is_passed_over(line.heading)) {
      section_ = Section::ignored;
    } else {
      refuse(line, line.heading);
    }
  }

  void take_registry_key(const ConfLine& line) {
    MirrorRule& rule = rules_.back();
    if (line.key == "prefix")
      rule.prefix = place_text(line);
    else if (line.key == "blocked")
      rule.is_blocked = flag(line);
    else
      take_location_key(line, rule.location);
  }

  void take_location_key(const ConfLine& line, MirrorRule::Location& location) {
    if (line.key == "location")
      location.text = place_text(line);
    else if (line.key == "insecure")
      location.is_insecure = flag(line);
    else
      refuse(line, line.key);
  }

  bool flag(const ConfLine& line) const {
    if (const bool* value = std::get_if<bool>(&line.value)) return *value;
    fail(ErrorKind::usage, what_, ":", line.number, ": ", line.key, " must be true or false");
  }

  /// "host[:port][/path]".
  std::string place_text(const ConfLine& line) const {
    const std::string* value = std::get_if<std::string>(&line.value);
    const bool is_place = value != nullptr && !value->empty() && !value->starts_with('/') &&
                          !value->ends_with('/') &&
                          value->find_first_of(" @?#*\\") == std::string::npos &&
                          value->find("://") == std::string::npos;
    if (is_place) return *value;
    fail(ErrorKind::usage, what_, ":", line.number, ": ", line.key,
         " must be of the form \"host[:port][/path]\"");
  }

  std::string_view what_;
  Section section_ = Section::top;
  MirrorRules rules_;
};

bool is_prefix(const std::string& prefix, const std::string& name) {
  return name == prefix || (name.starts_with(prefix) && name[prefix.size()] == '/');
}

const MirrorRule* find_rule(const MirrorRules& rules, const std::string& name) {
  const MirrorRule* best = nullptr;
  for (const MirrorRule& rule : rules)
    if (is_prefix(rule.prefix, name) && (!best || rule.prefix.size() > best->prefix.size()))
      best = &rule;
  if (best != nullptr && best->is_blocked)
    fail(ErrorKind::denied, quoted(name), " is not fetched: registries.conf blocks ", best->prefix);
  return best;
}

Place place_of(const MirrorRule::Location& location, const std::string& rest) {
  const std::string whole = location.text + rest;
  const auto slash = whole.find('/');
  return {whole.substr(0, slash), slash == std::string::npos ? "" : whole.substr(slash + 1),
          location.is_insecure};
}

}  // namespace

MirrorRules parse_mirror_rules(std::string_view text, std::string_view what) {
  RuleReader reader(what);
  for (const ConfLine& line : read_conf_lines(text, what)) reader.take(line);
  return reader.finish();
}

std::vector<Place> places_to_pull(const MirrorRules& rules, const oci::Reference& image) {
  const std::string name = cat(image.domain, '/', image.path);
  const MirrorRule* rule = find_rule(rules, name);
  if (rule == nullptr) return {{image.domain, image.path}};
  const std::string rest = name.substr(rule->prefix.size());
  std::vector<Place> places;
  for (const MirrorRule::Location& mirror : rule->mirrors) places.push_back(place_of(mirror, rest));
  places.push_back(place_of(rule->location, rest));
  return places;
}

Place place_to_push(const MirrorRules& rules, const oci::Reference& image) {
  const std::string name = cat(image.domain, '/', image.path);
  const MirrorRule* rule = find_rule(rules, name);
  if (rule == nullptr) return {image.domain, image.path};
  return place_of(rule->location, name.substr(rule->prefix.size()));
}

}  // namespace strata::registry
