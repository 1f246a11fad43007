#include "strata/oci/reference.hpp"

#include <algorithm>

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

namespace strata::oci {

namespace {

constexpr std::string_view default_domain = "docker.io";
constexpr std::string_view official_prefix = "library/";
constexpr std::size_t name_length_max = 255;
constexpr std::size_t tag_length_max = 128;

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_lower(c) || is_upper(c) || is_digit(c) || c == '_'; }

[[noreturn]] void refuse(std::string_view text, std::string_view why) {
  fail(ErrorKind::usage, quoted(text), " is no image name: ", why,
       "; a name looks like \"app:1.0\" or \"registry.example:5000/team/app:1.0\"");
}

/// One component of a repository path: lower-case words joined by ".", "_", "__" or dashes.
bool is_path_component(std::string_view text) {
  const auto is_alphanumeric = [](char c) { return is_lower(c) || is_digit(c); };
  if (text.empty() || !is_alphanumeric(text.front()) || !is_alphanumeric(text.back())) return false;
  for (std::size_t begin = 0; begin < text.size();) {
    if (is_alphanumeric(text[begin])) {
      ++begin;
      continue;
    }
    const std::size_t end = static_cast<std::size_t>(
        std::find_if(text.begin() + begin, text.end(), is_alphanumeric) - text.begin());
    const std::string_view joint = text.substr(begin, end - begin);
    const bool dashes = joint.find_first_not_of('-') == std::string_view::npos;
    if (!dashes && joint != "." && joint != "_" && joint != "__") return false;
    begin = end;
  }
  return true;
}

/// host, host:port or [v6 address]:port.
bool is_domain(std::string_view text) {
  const std::size_t bracket = text.starts_with('[') ? text.find(']') : 0;
  if (bracket == std::string_view::npos) return false;
  const std::size_t colon = text.find(':', bracket);
  const std::string_view host = text.substr(0, colon);
  if (colon != std::string_view::npos) {
    const std::string_view port = text.substr(colon + 1);
    if (port.empty() || !std::all_of(port.begin(), port.end(), is_digit)) return false;
  }
  if (bracket > 0) {
    return host.size() == bracket + 1 && host.size() > 2 &&
           host.substr(1, bracket - 1).find_first_not_of("0123456789abcdefABCDEF:") ==
               std::string_view::npos;
  }
  for (const std::string& label : split(host, '.')) {
    if (label.empty() || label.front() == '-' || label.back() == '-') return false;
    const auto in_label = [](char c) { return c != '_' && (is_word(c) || c == '-'); };
    if (!std::all_of(label.begin(), label.end(), in_label)) return false;
  }
  return true;
}

/// The rule of distribution/reference: a first component is a host if nothing else could be meant.
bool looks_like_domain(std::string_view first) {
  return first.find_first_of(".:[") != std::string_view::npos || first == "localhost" ||
         std::any_of(first.begin(), first.end(), is_upper);
}

bool is_tag(std::string_view text) {
  return !text.empty() && text.size() <= tag_length_max && is_word(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_word(c) || c == '.' || c == '-'; });
}

void check_path(std::string_view text, std::string_view path) {
  for (const std::string& component : split(path, '/')) {
    if (is_path_component(component)) continue;
    if (component.empty()) refuse(text, "a part of it is empty");
    if (is_path_component(to_lower(component))) refuse(text, "it must be in lower case");
    refuse(text, cat("the part ", quoted(component), " is not allowed"));
  }
}

}  // namespace

Reference parse_reference(std::string_view text) {
  Reference result;
  std::string_view rest = text;
  if (const auto at = rest.find('@'); at != std::string_view::npos) {
    result.digest = Digest::find(rest.substr(at + 1));
    if (!result.digest) refuse(text, "what follows \"@\" is not sha256: and 64 hex digits");
    rest = rest.substr(0, at);
  }
  const auto slash = rest.rfind('/');
  if (const auto colon = rest.rfind(':');
      colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash)) {
    result.tag = rest.substr(colon + 1);
    if (!is_tag(result.tag)) refuse(text, cat("the tag ", quoted(result.tag), " is not allowed"));
    rest = rest.substr(0, colon);
  }
  if (rest.empty()) refuse(text, "it is empty");

  const auto first_slash = rest.find('/');
  if (first_slash != std::string_view::npos && looks_like_domain(rest.substr(0, first_slash))) {
    result.domain = rest.substr(0, first_slash);
    result.path = rest.substr(first_slash + 1);
    if (!is_domain(result.domain)) refuse(text, cat(quoted(result.domain), " is no host"));
  } else {
    result.domain = default_domain;
    result.path = rest;
  }
  if (result.domain == "index.docker.io") result.domain = default_domain;
  check_path(text, result.path);
  if (result.domain == default_domain && result.path.find('/') == std::string::npos) {
    // Docker refuses these too: such a name could not be told from an image id.
    if (Digest::find_hex(result.path)) refuse(text, "64 hex digits are an image id");
    result.path.insert(0, official_prefix);
  }
  if (result.domain.size() + 1 + result.path.size() > name_length_max) {
    refuse(text, "it is longer than 255 characters");
  }
  if (result.tag.empty() && !result.digest) result.tag = "latest";
  return result;
}

namespace {

std::string with_tag_and_digest(std::string name, const Reference& reference) {
  if (!reference.tag.empty()) name += ":" + reference.tag;
  if (reference.digest) name += "@" + to_string(*reference.digest);
  return name;
}

}  // namespace

std::string canonical_name(const Reference& reference) {
  return with_tag_and_digest(reference.domain + "/" + reference.path, reference);
}

std::string familiar_name(const Reference& reference) {
  return with_tag_and_digest(familiar_repository(reference), reference);
}

std::string familiar_repository(const Reference& reference) {
  if (reference.domain != default_domain) return reference.domain + "/" + reference.path;
  if (!reference.path.starts_with(official_prefix)) return reference.path;
  const std::string short_path = reference.path.substr(official_prefix.size());
  // "library/a/b" has no shorter form that is read back as the same name.
  return short_path.find('/') == std::string::npos ? short_path : reference.path;
}

}  // namespace strata::oci
