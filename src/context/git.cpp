#include "strata/context/git.hpp"

#include <array>

namespace strata::context {

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

}  // namespace

Finished run_git(const std::vector<std::string>& words, std::vector<std::string> environment,
                 const std::string& directory, const std::stop_token& stop) {
  environment.insert(environment.end(), fixed_environment.begin(), fixed_environment.end());
  Command command{{"git"}, std::move(environment), directory};
  for (const char* option : fixed_options) {
    command.argv.emplace_back("-c");
    command.argv.emplace_back(option);
  }
  command.argv.insert(command.argv.end(), words.begin(), words.end());
  return run_command(command, output_max, stop);
}

}  // namespace strata::context
