#include "network.hpp"

#include "session.hpp"
#include "strata/base/text.hpp"

namespace strata::cli {

namespace {

constexpr const char* default_path = "/usr/local/bin:/usr/bin:/bin";

std::string proxy_variable(const char* lower_name) {
  auto value = find_variable(lower_name);
  if (!value) value = find_variable(to_upper(lower_name).c_str());
  return value.value_or("");
}

std::string proxy_for(const char* name) {
  const std::string own = proxy_variable(name);
  return own.empty() ? proxy_variable("all_proxy") : own;
}

}  // namespace

http::Settings read_network_settings() {
  http::Settings settings;
  settings.http_proxy = proxy_for("http_proxy");
  settings.https_proxy = proxy_for("https_proxy");
  settings.unproxied = proxy_variable("no_proxy");
  settings.authorities_file = find_variable("SSL_CERT_FILE").value_or("");
  return settings;
}

std::string read_program_path() { return find_variable("PATH").value_or(default_path); }

std::vector<std::string> read_git_environment() {
  std::vector<std::string> environment{cat("PATH=", read_program_path())};
  for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "no_proxy"})
    if (const std::string value = proxy_variable(name); !value.empty())
      environment.push_back(cat(name, "=", value));
  if (const auto file = find_variable("SSL_CERT_FILE"))
    environment.push_back(cat("GIT_SSL_CAINFO=", *file));
  if (const auto agent = find_variable("SSH_AUTH_SOCK"))
    environment.push_back(cat("SSH_AUTH_SOCK=", *agent));
  return environment;
}

}  // namespace strata::cli
