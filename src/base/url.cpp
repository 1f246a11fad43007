#include "strata/base/url.hpp"

#include <algorithm>
#include <cctype>

#include "strata/base/text.hpp"

namespace strata {

namespace {

constexpr std::string_view mark = "://";
/// What ends a URL inside other text, as far as its authority goes.
constexpr std::string_view text_end = "/?# \t\r\n\"'<>";
constexpr std::string_view mask = "xxxxx";

bool is_scheme_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '+' || c == '-' || c == '.';
}

bool is_scheme(std::string_view text) {
  return !text.empty() && std::isalpha(static_cast<unsigned char>(text.front())) &&
         std::all_of(text.begin(), text.end(), is_scheme_character);
}

bool has_blank_or_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; });
}

/// Cuts the first separator and what follows it off `text`; returns what follows.
std::optional<std::string> cut_off(std::string_view& text, char separator) {
  const auto place = text.find(separator);
  if (place == std::string_view::npos) return std::nullopt;
  std::string rest(text.substr(place + 1));
  text = text.substr(0, place);
  return rest;
}

bool read_authority(std::string_view authority, Url& url) {
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    std::string_view user = authority.substr(0, at);
    url.password = cut_off(user, ':');
    url.user = user;
    authority.remove_prefix(at + 1);
  }
  const auto bracket = authority.starts_with('[') ? authority.find(']') : 0;
  if (bracket == std::string_view::npos) return false;
  const auto colon = authority.find(':', bracket);
  url.host = authority.substr(0, colon);
  if (colon != std::string_view::npos) url.port = authority.substr(colon + 1);
  return !url.host.empty() && (url.port.empty() || parse_decimal(url.port).value_or(65536) < 65536);
}

std::string masked_user(std::string_view scheme, std::string_view user) {
  if (to_lower(scheme).starts_with("http")) return std::string(mask);
  const auto colon = user.find(':');
  if (colon == std::string_view::npos) return std::string(user);
  return cat(user.substr(0, colon), ":", mask);
}

}  // namespace

std::optional<Url> split_url(std::string_view text) {
  const auto scheme_end = text.find(mark);
  if (scheme_end == std::string_view::npos || !is_scheme(text.substr(0, scheme_end)) ||
      has_blank_or_control(text)) {
    return std::nullopt;
  }
  Url url;
  url.scheme = to_lower(text.substr(0, scheme_end));
  text.remove_prefix(scheme_end + mark.size());
  url.fragment = cut_off(text, '#');
  url.query = cut_off(text, '?');
  const auto slash = std::min(text.find('/'), text.size());
  url.path = text.substr(slash);
  if (!read_authority(text.substr(0, slash), url)) return std::nullopt;
  return url;
}

std::string to_string(const Url& url) {
  std::string text = cat(url.scheme, mark);
  if (!url.user.empty() || url.password) text += url.user;
  if (url.password) text += cat(":", *url.password);
  if (!url.user.empty() || url.password) text += '@';
  text += url.host;
  if (!url.port.empty()) text += cat(":", url.port);
  text += url.path;
  if (url.query) text += cat("?", *url.query);
  if (url.fragment) text += cat("#", *url.fragment);
  return text;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const auto byte = from_hex(to_lower(text.substr(i + 1, 2)));
    if (!byte || byte->size() != 1) return std::nullopt;
    out += *byte;
    i += 2;
  }
  return out;
}

std::string mask_credentials(std::string_view text) {
  std::string out;
  for (;;) {
    const auto found = text.find(mark);
    if (found == std::string_view::npos) return out.append(text);
    std::size_t scheme = found;
    while (scheme > 0 && is_scheme_character(text[scheme - 1])) --scheme;
    const auto begin = found + mark.size();
    const auto end = std::min(text.find_first_of(text_end, begin), text.size());
    const auto authority = text.substr(begin, end - begin);
    out.append(text.substr(0, begin));
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
      out += masked_user(text.substr(scheme, found - scheme), authority.substr(0, at));
      out.append(authority.substr(at));
    } else {
      out.append(authority);
    }
    text.remove_prefix(end);
  }
}

}  // namespace strata
