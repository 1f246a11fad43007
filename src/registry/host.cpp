#include "registry/host.hpp"

#include <array>

#include "strata/base/error.hpp"
#include "strata/base/json.hpp"
#include "strata/base/text.hpp"
#include "strata/base/url.hpp"

namespace strata::registry {

namespace {

/// Docker's hub answers elsewhere than its images say.
std::string address_of(const std::string& domain) {
  return domain == "docker.io" ? "registry-1.docker.io" : domain;
}

bool is_loopback(const std::string& domain) {
  const auto url = split_url(cat("http://", domain));
  if (!url) return false;
  const std::string host = to_lower(url->host);
  if (host == "localhost" || host == "[::1]") return true;
  const auto numbers = split(host, '.');
  if (numbers.size() != 4 || numbers.front() != "127") return false;
  for (const std::string& number : numbers)
    if (const auto value = parse_decimal(number); !value || *value > 255) return false;
  return true;
}

Sink& nowhere() {
  class Nowhere : public Sink {
   public:
    void write(std::string_view) override {}
  };
  thread_local Nowhere sink;
  return sink;
}

struct ProblemText {
  std::string code;
  std::string message;
};

/// The first of {"errors":[{"code":…,"message":…}]} (OCI distribution-spec, "Error Codes").
ProblemText read_problem(const std::string& body) {
  try {
    const json::value value = parse_json(body, "answer");
    const auto errors = JsonObject(value, "answer").objects("errors");
    if (errors.empty()) return {};
    return {errors.front().string_or("code", ""), errors.front().string_or("message", "")};
  } catch (const Error&) {
    return {};  // a page for people, from some server in between
  }
}

ErrorKind kind_of(int status) {
  if (status == 401 || status == 403 || status == 407) return ErrorKind::denied;
  if (status == 404 || status == 410) return ErrorKind::not_found;
  const bool is_refusal = status >= 400 && status < 500 && status != 408 && status != 429;
  return is_refusal ? ErrorKind::denied : ErrorKind::unreachable;
}

}  // namespace

void fail_answer(const http::Answer& answer, const std::string& doing) {
  const ProblemText problem = read_problem(answer.problem);
  std::string words = problem.code.empty() ? "" : cat(": ", quoted(problem.code));
  if (!problem.message.empty()) words += cat(" ", quoted(problem.message));
  fail(kind_of(answer.status), doing, ": ", mask_credentials(answer.url), " answered with status ",
       answer.status, words);
}

Host::Host(const Access& access, std::string domain, bool is_insecure,
           std::optional<Credentials> credentials)
    : access_(access),
      domain_(std::move(domain)),
      may_be_plain_(is_insecure || is_loopback(domain_) || access.insecure_hosts.contains(domain_)),
      credentials_(std::move(credentials)) {}

/// Where both are possible, plain http is asked first: a server for https says so by its status or
/// by leading there, while what a server for http says to https is different with every library.
/// The question shows nothing of the user.
std::string Host::find_base(const std::stop_token& stop) const {
  const std::string address = address_of(domain_);
  if (!may_be_plain_) return cat("https://", address);
  http::Request ping;
  ping.url = cat("http://", address, "/v2/");
  ping.attempts_max = 1;
  try {
    const http::Answer answer = access_.client.send(
        ping, [](const http::Answer&) -> Sink& { return nowhere(); }, {stop, {}});
    const bool is_registry = answer.status == 200 || answer.status == 401;
    if (is_registry && answer.url.starts_with("http://")) return cat("http://", address);
    if (http::may_pass(answer)) return cat("http://", address);  // it will be asked again
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::interrupted) throw;
  }
  return cat("https://", address);
}

const std::string& Host::base(const std::stop_token& stop) {
  const std::lock_guard lock(base_mutex_);
  if (base_.empty()) base_ = find_base(stop);
  return base_;
}

std::string Host::url(const std::string& path, const std::stop_token& stop) {
  return cat(base(stop), "/v2/", path);
}

bool Host::is_own(const std::string& url, const std::stop_token& stop) {
  return client().origin(url) == client().origin(base(stop));
}

std::string Host::known(const Scopes& scopes) {
  const std::lock_guard lock(mutex_);
  const auto found = authorizations_.find(scopes);
  return found == authorizations_.end() ? "" : found->second;
}

void Host::note_holder(const Digest& blob, const std::string& repository) {
  const std::lock_guard lock(mutex_);
  holders_.insert_or_assign(blob, repository);
}

std::optional<std::string> Host::find_holder(const Digest& blob) {
  const std::lock_guard lock(mutex_);
  const auto found = holders_.find(blob);
  if (found == holders_.end()) return std::nullopt;
  return found->second;
}

http::Answer Host::send(http::Request request, const std::string& repository, const Scopes& scopes,
                        const http::OpenSink& open_sink, const http::Watch& watch) {
  if (!is_own(request.url, watch.stop)) return client().send(request, open_sink, watch);
  http::Request first = request;
  if (const std::string value = known(scopes); !value.empty())
    first.headers.push_back({"Authorization", value});
  http::Answer answer = client().send(first, open_sink, watch);
  if (answer.status != 401 || !is_own(answer.url, watch.stop)) return answer;

  const Challenged who{client(), domain_, answer.url, answer.peer,
                       credentials_ ? credentials_ : access_.keyring.find(domain_, repository)};
  const std::string value = authorize(who, challenges_of(answer.headers), scopes, watch.stop);
  request.headers.push_back({"Authorization", value});
  answer = client().send(request, open_sink, watch);
  if (answer.status == 401 && is_own(answer.url, watch.stop)) {
    fail(ErrorKind::denied, domain_, " does not take the credentials",
         who.credentials ? "" : " of nobody", "; log in with: strata login ", domain_);
  }
  const std::lock_guard lock(mutex_);
  authorizations_[scopes] = value;
  return answer;
}

}  // namespace strata::registry
