#pragma once
/// URLs as text: taken apart, and shown without the secrets that may stand in them.

#include <optional>
#include <string>
#include <string_view>

namespace strata {

/// scheme://[user[:password]@]host[:port][/path][?query][#fragment], each part as written.
struct Url {
  std::string scheme;  ///< lower case
  std::string user;
  std::optional<std::string> password;
  std::string host;  ///< with the brackets of an IPv6 address
  std::string port;  ///< empty if not said
  std::string path;  ///< with its slash; may be empty
  std::optional<std::string> query;
  std::optional<std::string> fragment;
};

/// Nothing for a text that does not begin with a scheme, "://" and a host, or that has control
/// characters or blanks in it.
std::optional<Url> split_url(std::string_view text);
std::string to_string(const Url& url);

/// "%41" and the like as the characters they stand for; nothing if one is cut short or no hex.
std::optional<std::string> percent_decoded(std::string_view text);

/// Any text, with the password of every URL in it replaced by "xxxxx"; of http and https URLs the
/// user too, because tokens are put there.
std::string mask_credentials(std::string_view text);

}  // namespace strata
