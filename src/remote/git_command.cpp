#include "remote/git_command.hpp"

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"
#include "strata/base/url.hpp"
#include "strata/context/git.hpp"
#include "strata/remote/credentials.hpp"

namespace strata::remote {

namespace {

/// The last lines that git said, on one.
std::string last_words(const std::string& errors) {
  std::vector<std::string> lines;
  for (const std::string& line : split(errors, '\n'))
    if (!trim(line).empty()) lines.emplace_back(trim(line));
  if (lines.size() > 4) lines.erase(lines.begin(), lines.end() - 4);
  return mask_credentials(join(lines, "; "));
}

/// Configuration that gives the header to one origin. git would take it along where a redirect
/// leads, so there it follows none.
std::vector<std::string> keep_to_origin(const std::string& origin,
                                        const std::string& authorization) {
  return {"GIT_CONFIG_COUNT=2", cat("GIT_CONFIG_KEY_0=http.", origin, ".extraHeader"),
          cat("GIT_CONFIG_VALUE_0=Authorization: ", authorization),
          cat("GIT_CONFIG_KEY_1=http.", origin, ".followRedirects"), "GIT_CONFIG_VALUE_1=false"};
}

}  // namespace

GitAddress make_address(const std::string& url, std::string authorization) {
  GitAddress address{url, {}, "https:ssh:git"};
  auto parts = split_url(url);
  if (!parts) return address;  // user@host:path, which holds no password
  // A repository that is itself fetched in the clear may have parts that are.
  if (parts->scheme == "http") address.protocols += ":http";
  const bool web = parts->scheme.starts_with("http");
  if (web && authorization.empty() && (!parts->user.empty() || parts->password)) {
    const auto password = percent_decoded(parts->password.value_or(""));
    authorization = basic_authorization(percent_decoded(parts->user).value_or(parts->user),
                                        password.value_or(""));
  }
  if (web) {
    const std::string port = parts->port.empty() ? "" : cat(":", parts->port);
    const std::string origin = cat(parts->scheme, "://", parts->host, port, "/");
    if (!authorization.empty()) address.environment = keep_to_origin(origin, authorization);
    parts->user.clear();
  }
  parts->password.reset();
  address.url = to_string(*parts);
  return address;
}

bool GitAddress::is_behind_ssh() const {
  const auto parts = split_url(url);
  return !parts || parts->scheme == "ssh";
}

Git::Git(const GitAddress& address, std::vector<std::string> environment, const std::string& home,
         std::string directory, std::stop_token stop)
    : environment_(std::move(environment)),
      has_credentials_(!address.environment.empty()),
      directory_(std::move(directory)),
      stop_(std::move(stop)) {
  environment_.insert(environment_.end(), address.environment.begin(), address.environment.end());
  environment_.push_back(cat("HOME=", home));
  environment_.push_back(cat("XDG_CONFIG_HOME=", home));
  environment_.push_back(cat("GIT_ALLOW_PROTOCOL=", address.protocols));
}

std::string Git::run(const std::vector<std::string>& words) const {
  Finished finished = context::run_git(words, environment_, directory_, stop_);
  if (finished.status == 0) return std::move(finished.output);
  Error error(ErrorKind::unreachable,
              cat("git ", words.front(), ": ", last_words(finished.errors)));
  if (has_credentials_ && finished.errors.find("returned error: 30") != std::string::npos)
    error.note("credentials go nowhere else: name the address that this one leads to");
  throw error;
}

std::optional<std::string> Git::find(const std::vector<std::string>& words) const {
  try {
    return run(words);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::unreachable) throw;
    return std::nullopt;
  }
}

}  // namespace strata::remote
