#include "plan/remote.hpp"

namespace strata::plan {

namespace {

/// `user@host:path` as ssh takes it. A slash before the colon makes it a path.
bool is_scp_address(std::string_view source) {
  const auto colon = source.find(':');
  const auto at = source.find('@');
  return at != std::string_view::npos && colon != std::string_view::npos && at > 0 &&
         at + 1 < colon && source.find('/') > colon;
}

/// The path of a URL, without query and fragment, ends as repositories' do.
bool names_repository(std::string_view url) {
  return url.substr(0, url.find_first_of("?#")).ends_with(".git");
}

}  // namespace

std::optional<std::string_view> find_remote_kind(std::string_view source) {
  if (source.starts_with("http://") || source.starts_with("https://")) {
    return names_repository(source) ? "git" : "URL";
  }
  if (source.starts_with("git://") || source.starts_with("ssh://") ||
      source.starts_with("github.com/") || is_scp_address(source)) {
    return "git";
  }
  return std::nullopt;
}

}  // namespace strata::plan
