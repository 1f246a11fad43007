#include "offers.hpp"

#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <boost/filesystem/operations.hpp>

#include "network.hpp"
#include "session.hpp"
#include "strata/base/error.hpp"
#include "strata/base/file.hpp"
#include "strata/base/text.hpp"
#include "strata/dockerfile/byte_size.hpp"
#include "strata/dockerfile/csv.hpp"

namespace strata::cli {

namespace {

constexpr std::size_t secret_size_max = 500u << 10;  // both as BuildKit has it
constexpr std::size_t key_size_max = 100u << 10;

/// One --secret, as it was written.
struct SecretWords {
  std::string id;
  std::string type;
  std::string file;
  std::string variable;
};

SecretWords split_secret(const std::string& text) {
  SecretWords words;
  for (const std::string& field : dockerfile::split_csv(text)) {
    const auto [key, value] = split_key_value(field);
    const std::string name = to_lower(key);
    if (!value) fail(ErrorKind::usage, "--secret: ", quoted(field), " must be a key=value pair");
    if (name == "id")
      words.id = *value;
    else if (name == "type" && (*value == "file" || *value == "env"))
      words.type = *value;
    else if (name == "src" || name == "source")
      words.file = *value;
    else if (name == "env")
      words.variable = *value;
    else
      fail(ErrorKind::usage, "--secret: unexpected ", quoted(field),
           "; expected id=ID with src=FILE or env=VARIABLE");
  }
  if (words.id.empty()) fail(ErrorKind::usage, "--secret: ", quoted(text), " has no id");
  if (words.type == "env" && words.variable.empty()) std::swap(words.variable, words.file);
  return words;
}

std::string secret_of_variable(const SecretWords& words) {
  auto value = find_variable(words.variable.c_str());
  if (!value)
    fail(ErrorKind::not_found, "--secret id=", words.id, ": the environment has no variable ",
         quoted(words.variable));
  return std::move(*value);
}

std::string secret_of_file(const SecretWords& words) {
  try {
    return read_host_file(words.file, secret_size_max);
  } catch (Error& error) {
    throw error.note(
        cat("it is the secret ", quoted(words.id), ", of at most ", human_size(secret_size_max)));
  }
}

/// An id alone is the name of a variable, or else of a file.
std::string read_secret(SecretWords words) {
  if (words.file.empty() && words.variable.empty()) {
    const bool is_variable = find_variable(words.id.c_str()).has_value();
    (is_variable ? words.variable : words.file) = words.id;
  }
  std::string secret = words.file.empty() ? secret_of_variable(words) : secret_of_file(words);
  if (secret.size() > secret_size_max)
    fail(ErrorKind::usage, "the secret ", quoted(words.id), " is larger than ",
         human_size(secret_size_max));
  return secret;
}

std::string default_agent(const std::string& id) {
  auto socket = find_variable("SSH_AUTH_SOCK");
  if (!socket || socket->empty())
    fail(ErrorKind::not_found, "--ssh ", id,
         ": SSH_AUTH_SOCK names no agent; start one, or say --ssh ", id, "=SOCKET or ", id,
         "=KEY_FILE");
  return std::move(*socket);
}

/// PEM in all its forms, with the private key first. What is in it is ssh-add's to know.
bool is_private_key(const std::string& text) {
  const std::string line = text.substr(0, text.find('\n'));
  return line.starts_with("-----BEGIN ") && line.find("PRIVATE KEY-----") != std::string::npos;
}

/// The absolute path of a key. That it is none is said before anything is built; whether the agent
/// takes it shows when a step first needs it.
std::string checked_key(const std::string& id, const std::string& path) {
  if (!is_private_key(read_host_file(path, key_size_max)))
    fail(ErrorKind::usage, "--ssh ", id, ": ", quoted(path),
         " is neither the socket of an agent nor a private key, which begins with \"-----BEGIN\"");
  return boost::filesystem::absolute(path).string();
}

/// One socket, or one or more files with keys.
std::shared_ptr<exec::Agent> read_agent(const std::string& id, const std::string& places) {
  exec::AgentKeys keys{{}, read_program_path()};
  const std::vector<std::string> paths = dockerfile::split_csv(places);
  for (const std::string& path : paths) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) fail_errno("--ssh ", id, ": ", quoted(path));
    if (!S_ISSOCK(info.st_mode)) {
      keys.files.push_back(checked_key(id, path));
      continue;
    }
    if (paths.size() > 1)
      fail(ErrorKind::usage, "--ssh ", id, ": ", quoted(path),
           " is the socket of an agent and stands alone; add keys to that agent with ssh-add");
    return std::make_shared<exec::Agent>(path);
  }
  return std::make_shared<exec::Agent>(std::move(keys));
}

struct LimitName {
  std::string_view name;
  int resource;
};
constexpr std::array limit_names{
    LimitName{"core", RLIMIT_CORE},         LimitName{"cpu", RLIMIT_CPU},
    LimitName{"data", RLIMIT_DATA},         LimitName{"fsize", RLIMIT_FSIZE},
    LimitName{"locks", RLIMIT_LOCKS},       LimitName{"memlock", RLIMIT_MEMLOCK},
    LimitName{"msgqueue", RLIMIT_MSGQUEUE}, LimitName{"nice", RLIMIT_NICE},
    LimitName{"nofile", RLIMIT_NOFILE},     LimitName{"nproc", RLIMIT_NPROC},
    LimitName{"rss", RLIMIT_RSS},           LimitName{"rtprio", RLIMIT_RTPRIO},
    LimitName{"rttime", RLIMIT_RTTIME},     LimitName{"sigpending", RLIMIT_SIGPENDING},
    LimitName{"stack", RLIMIT_STACK}};

std::uint64_t read_limit_number(const std::string& text, const std::string& whole) {
  if (text == "-1") return RLIM_INFINITY;
  const auto number = parse_decimal(text);
  if (!number) fail(ErrorKind::usage, "--ulimit ", whole, ": ", quoted(text), " is no number");
  return *number;
}

sandbox::ResourceLimit read_limit(const std::string& text) {
  const auto [name, value] = split_key_value(text);
  const auto known = std::find_if(limit_names.begin(), limit_names.end(),
                                  [&](const LimitName& each) { return each.name == name; });
  if (!value || known == limit_names.end())
    fail(ErrorKind::usage, "--ulimit ", text, ": expected a name as nofile, and =SOFT[:HARD]");
  const std::size_t colon = value->find(':');
  const std::uint64_t soft = read_limit_number(value->substr(0, colon), text);
  const std::uint64_t hard =
      colon == std::string::npos ? soft : read_limit_number(value->substr(colon + 1), text);
  if (soft > hard)
    fail(ErrorKind::usage, "--ulimit ", text, ": the soft limit is above the hard one");
  return {known->resource, soft, hard};
}

}  // namespace

void add_secret_option(Syntax& syntax) {
  add_values(syntax, "secret",
             "id=ID,src=FILE or id=ID,env=VARIABLE, for RUN --mount=type=secret; with the id\n"
             "HTTP_AUTH_TOKEN_<host>, HTTP_AUTH_HEADER_<host> or GIT_AUTH_TOKEN for URLs");
}

void add_offer_options(Syntax& syntax) {
  add_secret_option(syntax);
  add_values(
      syntax, "ssh",
      "default or ID, with =SOCKET of an agent or =KEY[,KEY…], for RUN --mount=type=ssh and\n"
      "for repositories behind ssh");
  add_values(syntax, "allow", "network.host, security.insecure or device[=NAME], for RUN");
  add_values(syntax, "ulimit", "NAME=SOFT[:HARD], a resource limit in RUN");
  add_value(syntax, "shm-size", "how large /dev/shm is in RUN (default: 64m)");
}

remote::Secrets read_secrets(const Arguments& arguments) {
  remote::Secrets secrets;
  for (const std::string& text : arguments.texts("secret")) {
    SecretWords words = split_secret(text);
    const std::string id = words.id;
    secrets[id] = read_secret(std::move(words));
  }
  return secrets;
}

exec::Offers read_offers(const Arguments& arguments) {
  exec::Offers offers;
  offers.secrets = read_secrets(arguments);
  for (const std::string& text : arguments.texts("ssh")) {
    const auto [id, path] = split_key_value(text);
    const bool is_given = path && !path->empty();
    offers.agents[id.empty() ? "default" : id] =
        read_agent(id, is_given ? *path : default_agent(id));
  }
  return offers;
}

plan::Grants read_grants(const Arguments& arguments, const exec::Offers& offers) {
  plan::Grants grants;
  for (const auto& [id, secret] : offers.secrets) grants.secrets.insert(id);
  for (const auto& [id, agent] : offers.agents) grants.agents.insert(id);
  for (const std::string& text : arguments.texts("allow")) {
    const auto [name, value] = split_key_value(text);
    if (text == "network.host")
      grants.host_network = true;
    else if (text == "security.insecure")
      grants.insecure = true;
    else if (text == "device")
      grants.all_devices = true;
    else if (name == "device" && !value->empty())
      grants.devices.insert(*value);
    else
      fail(ErrorKind::usage, "--allow: expected network.host, security.insecure or device[=NAME], ",
           "found ", quoted(text));
  }
  return grants;
}

exec::Limits read_limits(const Arguments& arguments) {
  exec::Limits limits;
  for (const std::string& text : arguments.texts("ulimit"))
    limits.resources.push_back(read_limit(text));
  if (!arguments.has("shm-size")) return limits;
  const std::string size = arguments.text("shm-size");
  limits.shm_size_max = dockerfile::parse_byte_size(size);
  if (!limits.shm_size_max || *limits.shm_size_max == 0)
    fail(ErrorKind::usage, "--shm-size: expected a size as 128m, found ", quoted(size));
  return limits;
}

}  // namespace strata::cli
