#include "registry/credential_helper.hpp"

#include <algorithm>

#include "strata/base/error.hpp"
#include "strata/base/json.hpp"
#include "strata/base/process.hpp"
#include "strata/base/text.hpp"

namespace strata::registry {

namespace {

constexpr std::size_t reply_size_max = 1u << 20;
/// What all helpers print for what they do not know; they have no status for it.
constexpr std::string_view not_found = "credentials not found";
constexpr std::string_view identity_user = "<token>";

bool is_program_name(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

}  // namespace

CredentialHelper::CredentialHelper(const std::string& name,
                                   const std::vector<std::string>& environment,
                                   const std::string& file)
    : program_(cat("docker-credential-", name)), environment_(environment) {
  if (!is_program_name(name))
    fail(ErrorKind::corrupt, file, ": ", quoted(name), " is no name of a credential helper");
}

std::optional<std::string> CredentialHelper::run(const char* action, std::string input) const {
  const Finished done =
      run_command({{program_, action}, environment_, "/", std::move(input)}, reply_size_max, {});
  if (done.status == 0) return done.output;
  const std::string words(trim(cat(done.output, done.errors)));
  if (words.find(not_found) != std::string::npos) return std::nullopt;
  fail(ErrorKind::denied, program_, ' ', action, " ended with status ", done.status, ": ",
       quoted(words.substr(0, 1000)));
}

std::optional<Credentials> CredentialHelper::find(const std::string& key) const {
  const auto reply = run("get", key);
  if (!reply) return std::nullopt;
  const std::string what = cat("the answer of ", program_);
  const json::value value = parse_json(*reply, what);
  const JsonObject document(value, what);
  Credentials found{document.string_or("Username", ""), document.string_or("Secret", "")};
  found.is_identity_token = found.user == identity_user;
  if (found.secret.empty()) return std::nullopt;
  return found;
}

void CredentialHelper::put(const std::string& key, const Credentials& credentials) const {
  json::object document;
  document["ServerURL"] = key;
  document["Username"] =
      credentials.is_identity_token ? std::string(identity_user) : credentials.user;
  document["Secret"] = credentials.secret;
  if (!run("store", to_text(document)))
    fail(ErrorKind::denied, program_, " did not keep the credentials for ", key);
}

bool CredentialHelper::remove(const std::string& key) const {
  return run("erase", key).has_value();
}

}  // namespace strata::registry
