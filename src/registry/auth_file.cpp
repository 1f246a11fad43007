#include "registry/auth_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <climits>
#include <cstdlib>

#include "strata/base/error.hpp"
#include "strata/base/file.hpp"
#include "strata/base/path.hpp"
#include "strata/base/root.hpp"
#include "strata/base/text.hpp"

namespace strata::registry {

namespace {

constexpr std::size_t file_size_max = 4u << 20;
constexpr std::string_view hub = "docker.io";
constexpr std::string_view hub_key = "https://index.docker.io/v1/";

/// The part of a registry that a key names: Docker's keys may be URLs, of which the host counts,
/// and its hub has several names.
std::string part_of_key(std::string_view key) {
  bool is_url = false;
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!key.starts_with(scheme)) continue;
    key.remove_prefix(scheme.size());
    is_url = true;
  }
  while (key.ends_with('/')) key.remove_suffix(1);
  const auto slash = key.find('/');
  const std::string host(key.substr(0, slash));
  const bool is_hub = host == "index.docker.io" || host == "registry-1.docker.io" || host == hub;
  const std::string rest(is_url || slash == key.npos ? "" : key.substr(slash));
  return cat(is_hub ? std::string(hub) : host, is_hub && rest == "/v1" ? "" : rest);
}

bool is_part_of(const std::string& part, const std::string& whole) {
  return whole == part || (whole.starts_with(part) && whole[part.size()] == '/');
}

/// A link leads to the file that is meant.
std::string resolve_link(const std::string& path) {
  char resolved[PATH_MAX];
  return ::realpath(path.c_str(), resolved) != nullptr ? resolved : path;
}

std::string read_if_there(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 && (errno == ENOENT || errno == ENOTDIR)) return "";
  return read_host_file(path, file_size_max);
}

std::optional<Credentials> read_entry(const JsonObject& entry) {
  Credentials found{entry.string_or("username", ""), entry.string_or("password", "")};
  if (std::string packed = entry.string_or("auth", ""); !packed.empty()) {
    std::erase_if(packed, [](char c) { return c == '\r' || c == '\n'; });  // as Docker
    const auto pair = from_base64(packed);
    const auto colon = pair ? pair->find(':') : std::string::npos;
    if (colon == std::string::npos)
      fail(ErrorKind::corrupt, entry.what(), ": auth is not the base 64 of USER:PASSWORD");
    found.user = pair->substr(0, colon);
    found.secret = std::string(trim(pair->substr(colon + 1), std::string_view("\0", 1)));
  }
  if (const std::string token = entry.string_or("identitytoken", ""); !token.empty()) {
    found.secret = token;
    found.is_identity_token = true;
  }
  if (found.secret.empty()) return std::nullopt;
  return found;
}

}  // namespace

std::string auth_key(const std::string& domain) {
  return domain == hub ? std::string(hub_key) : domain;
}

AuthFile::AuthFile(std::string host_path) : host_path_(std::move(host_path)) {
  const std::string text = read_if_there(host_path_);
  if (trim(text).empty()) return;
  const json::value value = parse_json(text, host_path_);
  document_ = JsonObject(value, host_path_).raw();
}

std::optional<Credentials> AuthFile::find(const std::string& domain,
                                          const std::string& repository) const {
  const json::value value(document_);
  const auto auths = JsonObject(value, host_path_).find_object("auths");
  if (!auths) return std::nullopt;
  const std::string whole = cat(domain, '/', repository);
  std::optional<Credentials> best;
  std::size_t best_size = 0;
  for (const auto& member : auths->raw()) {
    const std::string part = part_of_key(std::string_view(member.key()));
    if (!is_part_of(part, whole) || part.size() < best_size) continue;
    auto found = read_entry(
        JsonObject(member.value(), cat(host_path_, ": ", std::string_view(member.key()))));
    if (!found) continue;
    best = std::move(found);
    best_size = part.size();
  }
  return best;
}

std::optional<std::string> AuthFile::helper(const std::string& domain) const {
  const json::value value(document_);
  const JsonObject document(value, host_path_);
  for (const auto& [key, name] : document.string_map("credHelpers"))
    if (part_of_key(key) == domain) return name;
  const std::string store = document.string_or("credsStore", "");
  return store.empty() ? std::nullopt : std::optional(store);
}

json::object& AuthFile::auths() {
  json::value& member = document_["auths"];
  if (!member.is_object()) member = json::object();
  return member.as_object();
}

void AuthFile::put(const std::string& domain, const Credentials& credentials) {
  json::object entry;
  if (credentials.is_identity_token) {
    entry["auth"] = to_base64(cat(credentials.user, ':'));
    entry["identitytoken"] = credentials.secret;
  } else {
    entry["auth"] = to_base64(cat(credentials.user, ':', credentials.secret));
  }
  remove(domain);
  auths()[auth_key(domain)] = std::move(entry);
}

void AuthFile::put_mark(const std::string& domain) {
  remove(domain);
  auths()[auth_key(domain)] = json::object();
}

bool AuthFile::remove(const std::string& domain) {
  json::object kept;
  bool is_removed = false;
  for (const auto& member : auths()) {
    if (part_of_key(std::string_view(member.key())) == domain)
      is_removed = true;
    else
      kept.emplace(member.key(), member.value());
  }
  if (is_removed) document_["auths"] = std::move(kept);
  return is_removed;
}

void AuthFile::save() const {
  const std::string path = resolve_link(host_path_);
  const auto slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  if (directory.starts_with('/')) Root::open("/").make_directories(directory, 0700);
  write_file(Root::open(directory).fd(), path.substr(slash + 1), to_pretty_text(document_) + '\n',
             Durability::synced, 0600);
}

}  // namespace strata::registry
