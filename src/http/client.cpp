#include "strata/http/client.hpp"

#include <algorithm>
#include <array>
#include <mutex>

#include "http/curl_url.hpp"
#include "http/redirect.hpp"
#include "http/transfer.hpp"
#include "strata/base/error.hpp"
#include "strata/base/stop.hpp"
#include "strata/base/text.hpp"
#include "strata/base/url.hpp"

namespace strata::http {

namespace {

/// Answers of a server that may do better in a while.
constexpr std::array passing_statuses{408, 429, 500, 502, 503, 504};
/// Methods that may be sent twice (RFC 9110 §9.2.2).
constexpr std::array<std::string_view, 4> repeatable{"GET", "HEAD", "PUT", "DELETE"};

/// Trouble after these many more bytes is new trouble: a long way has more of it than a short one.
constexpr std::uint64_t headway = 1u << 20;

template <class List, class Value>
bool is_in(const List& list, const Value& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool is_passing(const Exchange& exchange) {
  if (exchange.breakdown) return exchange.breakdown->is_passing;
  return may_pass(exchange.answer);
}

}  // namespace

struct Client::State {
  explicit State(Settings chosen) : settings(std::move(chosen)) {}
  ~State() {
    for (CURL* handle : idle) curl->easy_cleanup(handle);
  }

  const Curl& library() {
    std::call_once(loaded, [this] { curl = std::make_unique<Curl>(); });
    return *curl;
  }

  const Settings settings;
  std::once_flag loaded;
  std::unique_ptr<Curl> curl;
  std::mutex mutex;  ///< guards what follows
  std::vector<CURL*> idle;
};

namespace {

/// A handle with its connections, on loan.
template <class State>
class Handle {
 public:
  Handle(State& state, const Curl& curl) : state_(state) {
    const std::lock_guard lock(state_.mutex);
    if (state_.idle.empty()) {
      handle_ = curl.easy_init();
    } else {
      handle_ = state_.idle.back();
      state_.idle.pop_back();
    }
    if (handle_ == nullptr) fail(ErrorKind::system, "libcurl has no memory");
  }
  ~Handle() {
    const std::lock_guard lock(state_.mutex);
    state_.idle.push_back(handle_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  CURL* get() const { return handle_; }

 private:
  State& state_;
  CURL* handle_;
};

/// One attempt: the exchange, and those that its redirects lead to.
Exchange follow(const Curl& curl, CURL* handle, const Settings& settings, const Request& request,
                Delivery& delivery, const std::stop_token& stop) {
  Request next = request;
  for (unsigned redirects = 0;; ++redirects) {
    Exchange result = exchange(curl, handle, settings, next, delivery, stop);
    if (result.breakdown) return result;
    auto redirect = find_redirect(curl, next, result.answer);
    if (!redirect) return result;
    if (redirects == settings.redirects_max) {
      fail(ErrorKind::unreachable, mask_credentials(request.url), " leads on and on: more than ",
           settings.redirects_max, " redirects");
    }
    next = std::move(*redirect);
  }
}

/// A server that breaks off because it was shown no certificate is soon believed.
unsigned attempts_for(const Exchange& result, const Settings& settings, const Request& request) {
  constexpr unsigned without_certificate = 2;
  const bool is_hopeless = result.breakdown && result.breakdown->wants_certificate;
  const unsigned most = std::min(settings.attempts_max, request.attempts_max);
  return is_hopeless ? std::min(most, without_certificate) : most;
}

/// What the server asked for goes before our own.
std::chrono::milliseconds next_pause(const Exchange& result, std::chrono::milliseconds own) {
  if (result.breakdown) return own;
  const auto asked = asked_pause(result.answer);
  return asked ? *asked : own;
}

}  // namespace

Client::Client(Settings settings) : state_(std::make_unique<State>(std::move(settings))) {}
Client::~Client() = default;

Answer Client::send(const Request& request, const OpenSink& open_sink, const Watch& watch) const {
  const Settings& settings = state_->settings;
  const Curl& curl = state_->library();
  check_url(curl, request.url);
  const Handle handle(*state_, curl);
  Delivery delivery(request, open_sink, watch);
  auto pause = settings.first_pause;
  std::uint64_t farthest = 0;
  for (unsigned attempt = 1;; ++attempt) {
    throw_if_stopped(watch.stop);
    Exchange result = follow(curl, handle.get(), settings, request, delivery, watch.stop);
    if (delivery.received() >= farthest + headway) {
      farthest = delivery.received();
      attempt = 1;
      pause = settings.first_pause;
    }
    const auto wait = next_pause(result, pause);
    const bool again = is_passing(result) && attempt < attempts_for(result, settings, request) &&
                       is_in(repeatable, request.method) && wait <= settings.pause_max;
    if (!again && !result.breakdown) return std::move(result.answer);
    if (!again) {
      const bool is_denied = result.breakdown->wants_certificate;
      fail(is_denied ? ErrorKind::denied : ErrorKind::unreachable, mask_credentials(request.url),
           ": ", result.breakdown->what,
           attempt > 1 ? cat(", after ", attempt, " attempts") : std::string());
    }
    wait_or_stop(wait, watch.stop);
    pause *= 2;
  }
}

std::string Client::resolve(const std::string& base, const std::string& reference) const {
  CurlUrl url(state_->library());
  if (!url.set(base) || !url.set(reference) || !url.is_web())
    fail(ErrorKind::corrupt, mask_credentials(base), " leads to ",
         quoted(mask_credentials(reference)), ", which is no http or https URL");
  return url.get(CURLUPART_URL);
}

std::string Client::origin(const std::string& text) const {
  CurlUrl url(state_->library());
  if (!url.set(text) || !url.is_web())
    fail(ErrorKind::corrupt, quoted(mask_credentials(text)), " is no http or https URL");
  return url.origin();
}

bool may_pass(const Answer& answer) { return is_in(passing_statuses, answer.status); }

std::optional<std::chrono::milliseconds> asked_pause(const Answer& answer) {
  const std::string* text = find_header(answer.headers, "retry-after");
  const auto seconds = text != nullptr ? parse_decimal(*text) : std::nullopt;
  if (!seconds) return std::nullopt;
  return std::chrono::seconds(std::min<std::uint64_t>(*seconds, 86'400));
}

const std::string* find_header(const Headers& headers, std::string_view name) {
  const std::string wanted = to_lower(name);
  for (const Header& header : headers)
    if (to_lower(header.name) == wanted) return &header.value;
  return nullptr;
}

void fail_status(const Answer& answer) {
  const bool denied = answer.status == 401 || answer.status == 403 || answer.status == 407;
  const bool absent = answer.status == 404 || answer.status == 410;
  const ErrorKind kind = denied   ? ErrorKind::denied
                         : absent ? ErrorKind::not_found
                                  : ErrorKind::unreachable;
  const std::string_view meaning = denied   ? " (access denied)"
                                   : absent ? " (there is no such thing)"
                                            : "";
  fail(kind, mask_credentials(answer.url), " answered with status ", answer.status, meaning);
}

}  // namespace strata::http
