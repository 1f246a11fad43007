#include "remote/git_command.hpp"

#include <algorithm>
#include <array>

#include "strata/base/error.hpp"
#include "strata/base/process.hpp"
#include "strata/base/text.hpp"
#include "strata/base/url.hpp"

namespace strata::remote {

namespace {

constexpr std::size_t output_max = 64u << 20;

/// Nobody's configuration, no question, no helper. ssh takes the user's own keys and known hosts,
/// which it finds without HOME, but asks nothing and shares no connection that would outlive us.
constexpr std::array fixed_environment{
    "GIT_CONFIG_NOSYSTEM=1",
    "GIT_CONFIG_GLOBAL=/dev/null",
    "GIT_TERMINAL_PROMPT=0",
    "GIT_ASKPASS=",
    "SSH_ASKPASS=",
    "GIT_PROTOCOL_FROM_USER=0",
    "GIT_SSH_COMMAND=ssh -o BatchMode=yes -o ControlMaster=no -o ControlPath=none",
    "GIT_ATTR_NOSYSTEM=1",
    "GIT_LFS_SKIP_SMUDGE=1",
    "LC_ALL=C",
};

constexpr std::array fixed_options{
    "core.hooksPath=/dev/null",  "core.fsmonitor=false",
    "core.autocrlf=false",       "core.symlinks=true",
    "core.fileMode=true",        "credential.helper=",
    "protocol.file.allow=never", "protocol.ext.allow=never",
    "safe.directory=*",          "gc.auto=0",
    "maintenance.auto=false",    "advice.detachedHead=false",
    "init.defaultBranch=main",   "submodule.recurse=false",
    "transfer.fsckObjects=true", "fetch.fsckObjects=true",
};

std::string base64(std::string_view bytes) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8 | (j < count ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    for (std::size_t j = 0; j < 4; ++j)
      out += j <= count ? letters[group >> (18 - 6 * j) & 63] : '=';
  }
  return out;
}

/// The last lines that git said, on one.
std::string last_words(const std::string& errors) {
  std::vector<std::string> lines;
  for (const std::string& line : split(errors, '\n'))
    if (!trim(line).empty()) lines.emplace_back(trim(line));
  if (lines.size() > 4) lines.erase(lines.begin(), lines.end() - 4);
  return mask_credentials(join(lines, "; "));
}

}  // namespace

GitAddress make_address(const std::string& url) {
  GitAddress address{url, {}, "https:ssh:git"};
  auto parts = split_url(url);
  if (!parts) return address;  // user@host:path, which holds no password
  // A repository that is itself fetched in the clear may have parts that are.
  if (parts->scheme == "http") address.protocols += ":http";
  const bool web = parts->scheme.starts_with("http");
  if (web && (!parts->user.empty() || parts->password)) {
    const auto user = percent_decoded(parts->user).value_or(parts->user);
    const auto password = percent_decoded(parts->password.value_or(""));
    const std::string port = parts->port.empty() ? "" : cat(":", parts->port);
    address.environment = {
        "GIT_CONFIG_COUNT=1",
        cat("GIT_CONFIG_KEY_0=http.", parts->scheme, "://", parts->host, port, "/.extraHeader"),
        cat("GIT_CONFIG_VALUE_0=Authorization: Basic ",
            base64(cat(user, ":", password.value_or(""))))};
    parts->user.clear();
  }
  parts->password.reset();
  address.url = to_string(*parts);
  return address;
}

Git::Git(const GitAddress& address, std::vector<std::string> environment, const std::string& home,
         std::string directory, std::stop_token stop)
    : environment_(std::move(environment)),
      directory_(std::move(directory)),
      stop_(std::move(stop)) {
  environment_.insert(environment_.end(), fixed_environment.begin(), fixed_environment.end());
  environment_.insert(environment_.end(), address.environment.begin(), address.environment.end());
  environment_.push_back(cat("HOME=", home));
  environment_.push_back(cat("XDG_CONFIG_HOME=", home));
  environment_.push_back(cat("GIT_ALLOW_PROTOCOL=", address.protocols));
}

std::string Git::run(const std::vector<std::string>& words) const {
  Command command{{"git"}, environment_, directory_};
  for (const char* option : fixed_options) {
    command.argv.emplace_back("-c");
    command.argv.emplace_back(option);
  }
  command.argv.insert(command.argv.end(), words.begin(), words.end());
  Finished finished = run_command(command, output_max, stop_);
  if (finished.status == 0) return std::move(finished.output);
  fail(ErrorKind::unreachable, "git ", words.front(), ": ", last_words(finished.errors));
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
