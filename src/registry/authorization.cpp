#include "registry/authorization.hpp"

#include <algorithm>

#include "strata/base/error.hpp"
#include "strata/base/json.hpp"
#include "strata/base/text.hpp"
#include "strata/base/url.hpp"

namespace strata::registry {

namespace {

constexpr std::size_t token_reply_max = 1u << 20;
constexpr std::string_view client_id = "strata";

const Challenge* find_challenge(const std::vector<Challenge>& challenges, std::string_view scheme) {
  const auto found =
      std::find_if(challenges.begin(), challenges.end(),
                   [&](const Challenge& challenge) { return challenge.scheme == scheme; });
  return found == challenges.end() ? nullptr : &*found;
}

std::string parameter(const Challenge& challenge, const std::string& name) {
  const auto found = challenge.parameters.find(name);
  return found == challenge.parameters.end() ? "" : found->second;
}

std::string query_text(std::string_view text) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/";
  std::string out;
  for (const char c : text) {
    if (plain.find(c) != std::string_view::npos)
      out += c;
    else
      out += cat('%', to_upper(to_hex(std::string_view(&c, 1))));
  }
  return out;
}

[[noreturn]] void fail_without_credentials(const Challenged& who) {
  fail(ErrorKind::denied, who.registry, " wants to know who is asking; say it with: strata login ",
       who.registry);
}

std::string basic(const Credentials& credentials) {
  return cat("Basic ", to_base64(cat(credentials.user, ':', credentials.secret)));
}

/// Where tokens are to be had, when it is a place to ask at all.
Url check_realm(const Challenged& who, const std::string& realm) {
  const auto url = split_url(realm);
  if (!url || (url->scheme != "https" && url->scheme != "http") || !url->user.empty() ||
      url->password) {
    fail(ErrorKind::corrupt, who.registry, " says that tokens are had at ", quoted(realm),
         "; expected an http or https URL without a user");
  }
  if (url->scheme == "http" && split_url(who.url)->scheme == "https") {
    fail(ErrorKind::corrupt, who.registry, " says that tokens are had at ", quoted(realm),
         ", which is not encrypted as the registry itself is; credentials do not go there");
  }
  return *url;
}

std::string token_of(const std::string& reply, const std::string& what) {
  const json::value value = parse_json(reply, what);
  const JsonObject document(value, what);
  const std::string token = document.string_or("token", document.string_or("access_token", ""));
  const auto is_visible = [](char c) { return c > ' ' && c < '\x7f'; };
  if (token.empty() || !std::all_of(token.begin(), token.end(), is_visible))
    fail(ErrorKind::corrupt, what, " has no token in it");
  return token;
}

std::string join_scopes(const Scopes& scopes, std::string_view separator) {
  std::string text;
  for (const std::string& scope : scopes)
    text += cat(text.empty() ? "" : separator, query_text(scope));
  return text;
}

/// OAuth 2: an identity token is exchanged for one that opens these scopes.
void ask_with_identity_token(http::Request& request, const Credentials& credentials,
                             const std::string& service, const Scopes& scopes) {
  const std::string form =
      cat("grant_type=refresh_token&client_id=", client_id, "&service=", query_text(service),
          "&scope=", join_scopes(scopes, "%20"), "&refresh_token=", query_text(credentials.secret));
  request.method = "POST";
  request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
  request.open_body = [form] { return std::make_unique<StringSource>(form); };
  request.body_size = form.size();
}

void ask_with_query(http::Request& request, const std::optional<Credentials>& credentials,
                    const std::string& service, const Scopes& scopes) {
  std::string query = cat("client_id=", client_id);
  if (!service.empty()) query += cat("&service=", query_text(service));
  if (!scopes.empty()) query += cat("&scope=", join_scopes(scopes, "&scope="));
  request.url += cat(request.url.find('?') == std::string::npos ? '?' : '&', query);
  if (credentials) request.headers.push_back({"Authorization", basic(*credentials)});
}

std::string fetch_token(const Challenged& who, const Challenge& challenge, const Scopes& scopes,
                        const std::stop_token& stop) {
  const std::string realm = parameter(challenge, "realm");
  const Url url = check_realm(who, realm);
  const bool is_kin = is_kindred(split_url(who.url)->host, url.host);
  const auto credentials = is_kin ? who.credentials : std::nullopt;
  http::Request request;
  request.url = realm;
  request.answer_size_max = token_reply_max;
  if (who.peer) request.peers = {http::AddressClass::global, *who.peer};
  const std::string service = parameter(challenge, "service");
  if (credentials && credentials->is_identity_token)
    ask_with_identity_token(request, *credentials, service, scopes);
  else
    ask_with_query(request, credentials, service, scopes);
  StringSink reply;
  const auto open_reply = [&reply](const http::Answer&) -> Sink& { return reply = StringSink(); };
  const http::Answer answer = who.client.send(request, open_reply, {stop, {}});
  if (answer.is_success()) return token_of(reply.text(), cat("the token from ", answer.url));
  if (who.credentials && !is_kin) {
    fail(ErrorKind::denied, who.registry, " has its tokens from ", url.host,
         ", a foreign place that is not shown your credentials, and that gives none without "
         "(status ",
         answer.status, ")");
  }
  if (answer.status != 401 && answer.status != 403) http::fail_status(answer);
  fail(ErrorKind::denied, who.registry, who.credentials ? " does not take the credentials" : "",
       who.credentials ? "" : " gives nothing to people it does not know", " (", url.host,
       " answered with status ", answer.status, "); log in with: strata login ", who.registry);
}

}  // namespace

bool is_kindred(const std::string& registry_host, const std::string& realm_host) {
  const std::string ours = to_lower(registry_host);
  const std::string theirs = to_lower(realm_host);
  if (ours == theirs) return true;
  const auto domain_of = [](const std::string& host) -> std::string {
    const auto labels = split(host, '.');
    const bool is_name = host.find_first_of("[:") == std::string::npos && labels.size() > 1 &&
                         !parse_decimal(labels.back());
    return is_name ? cat(labels[labels.size() - 2], '.', labels.back()) : "";
  };
  return !domain_of(ours).empty() && domain_of(ours) == domain_of(theirs);
}

std::string authorize(const Challenged& who, const std::vector<Challenge>& challenges,
                      const Scopes& scopes, const std::stop_token& stop) {
  if (const Challenge* bearer = find_challenge(challenges, "bearer"))
    return cat("Bearer ", fetch_token(who, *bearer, scopes, stop));
  if (find_challenge(challenges, "basic") == nullptr) {
    fail(ErrorKind::denied, who.registry,
         " denies access in a way that is not known here; expected a Basic or Bearer challenge");
  }
  if (!who.credentials) fail_without_credentials(who);
  if (who.credentials->is_identity_token)
    fail(ErrorKind::denied, who.registry,
         " wants a password, but an identity token is kept for it");
  return basic(*who.credentials);
}

}  // namespace strata::registry
