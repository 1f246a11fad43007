#include "registry_access.hpp"

#include <unistd.h>

#include <boost/filesystem/operations.hpp>

#include "network.hpp"
#include "session.hpp"
#include "strata/base/error.hpp"
#include "strata/base/file.hpp"
#include "strata/base/text.hpp"
#include "strata/registry/trust.hpp"

namespace strata::cli {

namespace {

namespace fs = boost::filesystem;

constexpr std::size_t conf_size_max = 4u << 20;
constexpr std::size_t authorities_size_max = 16u << 20;

/// $XDG_CONFIG_HOME or ~/.config; empty if there is neither.
std::string config_home() {
  if (const auto own = find_variable("XDG_CONFIG_HOME")) return *own;
  const auto home = find_variable("HOME");
  return home ? cat(*home, "/.config") : "";
}

std::string docker_config() {
  if (const auto directory = find_variable("DOCKER_CONFIG")) return cat(*directory, "/config.json");
  const auto home = find_variable("HOME");
  return home ? cat(*home, "/.docker/config.json") : "";
}

/// podman's file of this login.
std::string session_auth_file() {
  if (const auto runtime = find_variable("XDG_RUNTIME_DIR"))
    return cat(*runtime, "/containers/auth.json");
  return cat("/run/containers/", geteuid(), "/auth.json");
}

std::vector<std::string> whole_environment() {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable)
    variables.emplace_back(*variable);
  return variables;
}

std::vector<std::string> certificate_directories() {
  std::vector<std::string> directories;
  if (const std::string own = config_home(); !own.empty())
    directories.push_back(cat(own, "/containers/certs.d"));
  directories.emplace_back("/etc/containers/certs.d");
  directories.emplace_back("/etc/docker/certs.d");
  return directories;
}

/// As containers: the first one counts, and one that is named must be there.
std::string mirrors_file() {
  if (const auto named = find_variable("CONTAINERS_REGISTRIES_CONF")) return *named;
  const std::string own = cat(config_home(), "/containers/registries.conf");
  if (!config_home().empty() && fs::exists(own)) return own;
  constexpr const char* system_wide = "/etc/containers/registries.conf";
  return fs::exists(system_wide) ? system_wide : "";
}

std::string host_of(const std::string& location) { return location.substr(0, location.find('/')); }

void add_insecure_hosts(const registry::MirrorRules& rules, std::set<std::string>& hosts) {
  for (const registry::MirrorRule& rule : rules) {
    if (rule.location.is_insecure) hosts.insert(host_of(rule.location.text));
    for (const auto& mirror : rule.mirrors)
      if (mirror.is_insecure) hosts.insert(host_of(mirror.text));
  }
}

}  // namespace

void add_registry_options(Syntax& syntax) {
  add_value(syntax, "tls-ca", "PEM certificates of authorities that registries may have too");
  add_values(syntax, "insecure",
             "HOST[:PORT] of a registry that may speak plain http, or show any certificate");
}

RegistryRequest read_registry_request(const Arguments& arguments) {
  RegistryRequest request{arguments.text("tls-ca"), {}};
  for (const std::string& host : arguments.texts("insecure"))
    request.insecure_hosts.push_back(parse_registry_host(host));
  return request;
}

std::string parse_registry_host(const std::string& text) {
  if (text.empty() || text == "https://index.docker.io/v1/") return "docker.io";
  std::string domain;
  try {
    domain = oci::parse_reference(cat(text, "/a/a")).domain;
  } catch (const Error&) {
    // said below
  }
  const bool is_host = domain == text || (domain == "docker.io" && text == "index.docker.io");
  if (!is_host)
    fail(
        ErrorKind::usage, quoted(text),
        " is no registry; expected HOST or HOST:PORT, as in \"example.org\" or \"localhost:5000\"");
  return domain;
}

registry::CredentialFiles RegistryAccess::find_credential_files() {
  registry::CredentialFiles files;
  files.helper_environment = whole_environment();
  if (const auto only = find_variable("REGISTRY_AUTH_FILE")) {
    files.written = *only;
    files.read = {*only};
    return files;
  }
  files.written = docker_config();
  if (!files.written.empty()) files.read.push_back(files.written);
  files.read.push_back(session_auth_file());
  if (const std::string own = config_home(); !own.empty())
    files.read.push_back(cat(own, "/containers/auth.json"));
  return files;
}

registry::MirrorRules RegistryAccess::read_mirrors() const {
  const std::string path = mirrors_file();
  if (path.empty()) return {};
  return registry::parse_mirror_rules(read_host_file(path, conf_size_max), path);
}

/// What --tls-ca says counts for every host, as what certs.d says counts for its own.
std::function<http::Trust(const std::string&)> RegistryAccess::make_trust(
    const std::set<std::string>& insecure) const {
  std::string authorities;
  if (!request_.authorities_file.empty())
    authorities = read_host_file(request_.authorities_file, authorities_size_max);
  // libcurl reads one or the other, not both.
  std::string others;
  if (const auto file = find_variable("SSL_CERT_FILE"))
    others = read_host_file(*file, authorities_size_max);
  return [=, directories = certificate_directories()](const std::string& host) {
    http::Trust trust = registry::read_trust(directories, host);
    trust.authorities += authorities;
    if (!trust.authorities.empty()) trust.authorities += cat('\n', others);
    trust.is_checked = !insecure.contains(host);
    return trust;
  };
}

registry::Registries& RegistryAccess::registries() {
  if (registries_) return *registries_;
  registry::MirrorRules mirrors = read_mirrors();
  std::set<std::string> insecure(request_.insecure_hosts.begin(), request_.insecure_hosts.end());
  add_insecure_hosts(mirrors, insecure);
  http::Settings settings = read_network_settings();
  settings.trust_of = make_trust(insecure);
  client_ = std::make_unique<http::Client>(std::move(settings));
  registries_ = std::make_unique<registry::Registries>(
      registry::Access{*client_, keyring_, std::move(mirrors), std::move(insecure)});
  return *registries_;
}

}  // namespace strata::cli
