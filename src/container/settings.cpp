#include "container/settings.hpp"

#include "strata/base/error.hpp"
#include "strata/base/path.hpp"

namespace strata::container {

namespace {

constexpr std::size_t hostname_digits = 12;

/// What Docker gives a container that no ENV gave a PATH.
constexpr std::string_view default_path =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// A variable without "=" is set to nothing.
void set_all(std::vector<std::string>& env, const std::vector<std::string>& variables) {
  for (const std::string& variable : variables) {
    const std::string_view text = variable;
    const std::size_t sign = std::min(text.find('='), text.size());
    oci::set_env(env, text.substr(0, sign), text.substr(std::min(sign + 1, text.size())));
  }
}

}  // namespace

oci::RunConfig lay_over(const oci::RunConfig& image, const Wishes& wishes) {
  oci::RunConfig settings = image;
  if (wishes.entrypoint) {
    settings.entrypoint = wishes.entrypoint;
    settings.cmd.reset();
  }
  if (!wishes.command.empty()) settings.cmd = wishes.command;
  set_all(settings.env, wishes.env);
  if (!wishes.user.empty()) settings.user = wishes.user;
  if (!wishes.working_dir.empty()) settings.working_dir = wishes.working_dir;
  return settings;
}

std::vector<std::string> command_of(const oci::RunConfig& settings, std::string_view image_name) {
  std::vector<std::string> command = settings.entrypoint.value_or(std::vector<std::string>());
  const std::vector<std::string> rest = settings.cmd.value_or(std::vector<std::string>());
  command.insert(command.end(), rest.begin(), rest.end());
  if (command.empty())
    fail(ErrorKind::usage, "nothing to run: ", quoted(image_name),
         " has neither ENTRYPOINT nor CMD; give a command");
  return command;
}

std::string working_dir_of(const oci::RunConfig& settings) {
  const std::string& path = settings.working_dir;
  if (!path.empty() && !path.starts_with('/'))
    fail(ErrorKind::usage, "working directory ", quoted(path), " is not absolute");
  return absolute_path("/", path);
}

std::string hostname_of(const Container& container) {
  const std::string& wish = container.wishes.hostname;
  return wish.empty() ? container.id.substr(0, hostname_digits) : wish;
}

std::vector<std::string> environment_of(const oci::RunConfig& settings, const Container& container,
                                        const std::string& home) {
  std::vector<std::string> env{cat("PATH=", default_path),
                               cat("HOSTNAME=", hostname_of(container))};
  if (container.wishes.tty) env.emplace_back("TERM=xterm");
  set_all(env, settings.env);
  // The OCI runtimes' rule: an empty HOME is none.
  if (oci::find_env(env, "HOME").value_or("").empty()) oci::set_env(env, "HOME", home);
  return env;
}

}  // namespace strata::container
