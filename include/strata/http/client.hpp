#pragma once
/// HTTP and HTTPS from the asking side: one request and its answer, both streamed.
///
/// Redirects follow our own rules: never from https to http, and Authorization, Cookie and the
/// credentials of the URL stay with the origin (scheme, host, port) they were meant for. What fails
/// on the way is tried again after growing pauses, and a body that was cut goes on where it ended
/// if the server can do that. Certificates are checked against the system's authorities. Nothing is
/// read from the environment.
///
/// The work is libcurl's, which is loaded when the first request is sent: a program that sends none
/// does not pay for it.

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "strata/base/io.hpp"

namespace strata::http {

struct Header {
  std::string name;
  std::string value;
};
using Headers = std::vector<Header>;

/// The value of the first header of this name, in any case; null if there is none.
const std::string* find_header(const Headers& headers, std::string_view name);

/// How a host proves who it is, and how we prove it to the host, on https.
struct Trust {
  std::string authorities;       ///< PEM certificates that count beside the system's; may be empty
  std::string certificate_file;  ///< PEM, of ours, with the key in `key_file`; empty for none
  std::string key_file;
  bool is_checked = true;  ///< false: any certificate will do
};

/// Where on the networks an address lies (RFC 1122 §3.2.1.3, RFC 3927, RFC 1918, RFC 4193).
enum class AddressClass { loopback, link_local, private_use, global };

struct Settings {
  /// URLs of proxies; empty for none. `unproxied` lists hosts as no_proxy does.
  std::string http_proxy;
  std::string https_proxy;
  std::string unproxied;
  std::string authorities_file;  ///< PEM certificates; empty for the system's
  /// What is special about a host, given as "name" or "name:port", the port if the URL has one.
  /// Asked for each request, from several threads; may be empty.
  std::function<Trust(const std::string& host)> trust_of;
  std::string user_agent = "strata/" STRATA_VERSION;
  std::chrono::milliseconds connect_max{30'000};
  std::chrono::seconds stall_max{60};  ///< how long no byte may come or go
  unsigned redirects_max = 10;
  unsigned attempts_max = 5;                    ///< counted anew when another mebibyte has come
  std::chrono::milliseconds first_pause{500};   ///< before the second attempt; then doubled
  std::chrono::milliseconds pause_max{60'000};  ///< a server that asks for more is not waited for
};

struct Request {
  std::string method = "GET";
  std::string url;  ///< http or https; may hold credentials
  Headers headers;
  /// Gives the body from its first byte, anew for each attempt; empty for no body.
  std::function<std::unique_ptr<Source>()> open_body;
  std::uint64_t body_size = 0;
  /// A longer body of an answer is Error corrupt.
  std::uint64_t answer_size_max = std::numeric_limits<std::uint64_t>::max();
  /// The URL names bytes that never change and that the caller checks: a body that was cut goes on
  /// where it ended even if the server gives no validator.
  bool is_immutable = false;
  unsigned attempts_max = std::numeric_limits<unsigned>::max();  ///< if less than the settings'
  /// The only addresses that may be connected to, redirects included; empty for all. Through a
  /// proxy, which alone knows the address, nothing is refused.
  std::set<AddressClass> peers;
};

/// The head of an answer, and the body of one that is no success.
struct Answer {
  int status = 0;
  Headers headers;
  std::string url;                   ///< that gave it, after redirects; without credentials
  std::string problem;               ///< at most 64 KiB of the body unless the status is 2xx
  std::optional<AddressClass> peer;  ///< who gave it; nothing behind a proxy

  bool is_success() const { return status >= 200 && status < 300; }
};

/// Called when the body of a success begins, and again if it has to begin anew: then what the
/// earlier sink was given is void. The sink must live until `send` returns.
using OpenSink = std::function<Sink&(const Answer& head)>;

struct Watch {
  std::stop_token stop;
  std::function<void(std::uint64_t bytes)> progress;  ///< of the answer's body so far; may be empty
};

/// Thread-safe; connections are kept for the next request.
class Client {
 public:
  explicit Client(Settings settings);
  ~Client();

  /// The last answer, whatever its status. Throws Error unreachable if there is none, Error usage
  /// for a URL or header that cannot be sent, Error interrupted, and what sink and source throw.
  Answer send(const Request& request, const OpenSink& open_sink, const Watch& watch) const;

  /// Where a reference that stands in an answer from `base` leads, and the scheme, host and port of
  /// a URL ("https://example.org:443"), both as the library that connects reads them. Error corrupt
  /// for what is no http or https URL.
  std::string resolve(const std::string& base, const std::string& reference) const;
  std::string origin(const std::string& url) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Whether the server may do better in a while (408, 429, 5xx), and what it asked to wait (RFC 9110
/// §10.2.3); nothing if it did not.
bool may_pass(const Answer& answer);
std::optional<std::chrono::milliseconds> asked_pause(const Answer& answer);

/// Throws for an answer that is no success: Error not_found, denied or unreachable, naming URL and
/// status.
[[noreturn]] void fail_status(const Answer& answer);

/// "Sun, 06 Nov 1994 08:49:37 GMT" in seconds since 1970; nothing for anything else (RFC 9110
/// §5.6.7, the form that is sent).
std::optional<std::int64_t> parse_date(std::string_view text);

/// What proves that a later answer that has it holds the same bytes: a strong ETag, else a
/// Last-Modified that was settled when it was sent (RFC 9110 §8.8.2.2); empty if there is neither.
std::string strong_validator(const Headers& headers);

}  // namespace strata::http
