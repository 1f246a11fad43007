#include "http/transfer.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <exception>

#include "http/address.hpp"
#include "http/curl_url.hpp"
#include "http/redirect.hpp"
#include "http/unproxied.hpp"
#include "strata/base/error.hpp"
#include "strata/base/stop.hpp"
#include "strata/base/text.hpp"
#include "strata/base/url.hpp"

namespace strata::http {

namespace {

constexpr std::size_t header_bytes_max = 256u << 10;
constexpr std::size_t problem_size_max = 64u << 10;
/// The library's own 16 KiB make some 65 000 calls of a body of a gigabyte.
constexpr long buffer_size = 256L << 10;
/// More of a failure's body than this is not even waited for.
constexpr std::size_t problem_read_max = 1u << 20;

/// Breakdowns of a way that worked so far.
constexpr std::array passing{CURLE_PARTIAL_FILE, CURLE_RECV_ERROR,         CURLE_SEND_ERROR,
                             CURLE_GOT_NOTHING,  CURLE_OPERATION_TIMEDOUT, CURLE_HTTP2,
                             CURLE_HTTP2_STREAM, CURLE_SSL_CONNECT_ERROR};

class HeaderList {
 public:
  explicit HeaderList(const Curl& curl) : curl_(curl) {}
  ~HeaderList() { curl_.slist_free_all(list_); }
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;

  /// Throws Error usage for what would end the line early.
  void add(const Header& header) {
    const std::string line = cat(header.name, header.value.empty() ? ";" : ": ", header.value);
    if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
      fail(ErrorKind::usage, "a header ", quoted(header.name), " of more than one line");
    list_ = curl_.slist_append(list_, line.c_str());
  }
  curl_slist* get() const { return list_; }

 private:
  const Curl& curl_;
  curl_slist* list_ = nullptr;
};

/// What the library's callbacks work on. An exception cannot pass through the library, so it waits.
class Transfer {
 public:
  Transfer(const Curl& curl, CURL* handle, const Request& request, Delivery& delivery,
           const std::stop_token& stop)
      : curl_(curl),
        handle_(handle),
        request_(request),
        delivery_(delivery),
        stop_(stop),
        headers_(curl) {
    curl_.easy_reset(handle_);
    if (request.open_body) body_ = request.open_body();
  }

  void set_up(const Settings& settings);
  Exchange run();

 private:
  template <class Value>
  void set(CURLoption option, Value value) {
    if (const CURLcode code = curl_.easy_setopt(handle_, option, value); code != CURLE_OK)
      fail(ErrorKind::system, "libcurl: ", curl_.easy_strerror(code));
  }
  void set_way(const Settings& settings);
  void set_trust(const Settings& settings);
  void set_method();
  void set_headers(const Settings& settings);

  bool is_success();
  std::optional<AddressClass> find_peer();
  void take_header(std::string_view line);
  std::size_t take_body(std::string_view bytes);

  /// Does `work`; what it throws is kept, and `otherwise` tells the library to stop.
  template <class Work>
  static std::size_t guarded(void* self, std::size_t otherwise, const Work& work) {
    auto& transfer = *static_cast<Transfer*>(self);
    try {
      return work(transfer);
    } catch (...) {
      transfer.thrown_ = std::current_exception();
      return otherwise;
    }
  }
  static std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t on_read(char* bytes, std::size_t size, std::size_t count, void* self);
  static curl_socket_t on_socket(void* self, curlsocktype, curl_sockaddr* address);
  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
  static int on_trace(CURL*, curl_infotype type, char* bytes, std::size_t size, void* self);
  Breakdown describe_breakdown(CURLcode code) const;

  const Curl& curl_;
  CURL* handle_;
  const Request& request_;
  Delivery& delivery_;
  const std::stop_token& stop_;
  HeaderList headers_;
  std::unique_ptr<Source> body_;
  std::array<char, CURL_ERROR_SIZE> error_text_{};

  Answer answer_;
  std::size_t header_bytes_ = 0;
  std::size_t problem_bytes_ = 0;
  bool has_begun_ = false;             ///< the body of a success
  std::string proxy_;                  ///< empty if there is none between
  bool is_refused_ = false;            ///< the address that was tried last
  bool is_certificate_asked_ = false;  ///< of us
  Trust trust_;
  std::exception_ptr thrown_;
};

void Transfer::set_up(const Settings& settings) {
  set(CURLOPT_URL, request_.url.c_str());
  set(CURLOPT_ERRORBUFFER, error_text_.data());
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_BUFFERSIZE, buffer_size);
  set(CURLOPT_UPLOAD_BUFFERSIZE, buffer_size);
  set_way(settings);
  set_trust(settings);
  set_method();
  set_headers(settings);
  set(CURLOPT_HEADERFUNCTION, &on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &on_progress);
  set(CURLOPT_XFERINFODATA, this);
}

/// Where to and how: nothing of it comes from the environment.
void Transfer::set_way(const Settings& settings) {
  const bool encrypted = to_lower(request_.url).starts_with("https:");
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  CurlUrl url(curl_);
  const bool is_direct =
      url.set(request_.url) && is_unproxied(settings.unproxied, url.get(CURLUPART_HOST));
  if (!is_direct) proxy_ = encrypted ? settings.https_proxy : settings.http_proxy;
  set(CURLOPT_PROXY, proxy_.c_str());
  set(CURLOPT_NOPROXY, "");  // the decision is made, and known here
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (encrypted) {
    set(CURLOPT_VERBOSE, 1L);
    set(CURLOPT_DEBUGFUNCTION, &on_trace);
    set(CURLOPT_DEBUGDATA, this);
  }
  if (!request_.peers.empty() && proxy_.empty()) {
    set(CURLOPT_OPENSOCKETFUNCTION, &on_socket);
    set(CURLOPT_OPENSOCKETDATA, this);
    // A connection that is kept was opened when nobody asked to whom.
    set(CURLOPT_FRESH_CONNECT, 1L);
  }
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings.connect_max.count()));
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(settings.stall_max.count()));
}

/// A host's own authorities count beside those that the library finds in the system's directory.
void Transfer::set_trust(const Settings& settings) {
  if (!settings.authorities_file.empty()) set(CURLOPT_CAINFO, settings.authorities_file.c_str());
  CurlUrl url(curl_);
  if (!settings.trust_of || !url.set(request_.url)) return;
  trust_ = settings.trust_of(url.host_and_port());
  if (!trust_.authorities.empty()) {
    curl_blob authorities{trust_.authorities.data(), trust_.authorities.size(), CURL_BLOB_NOCOPY};
    set(CURLOPT_CAINFO_BLOB, &authorities);
  }
  if (!trust_.certificate_file.empty()) {
    set(CURLOPT_SSLCERT, trust_.certificate_file.c_str());
    set(CURLOPT_SSLKEY, trust_.key_file.c_str());
  }
  if (trust_.is_checked) return;
  set(CURLOPT_SSL_VERIFYPEER, 0L);
  set(CURLOPT_SSL_VERIFYHOST, 0L);
}

void Transfer::set_method() {
  if (request_.method == "HEAD") return set(CURLOPT_NOBODY, 1L);
  if (body_) {
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_READFUNCTION, &on_read);
    set(CURLOPT_READDATA, this);
    set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request_.body_size));
  } else if (request_.method != "GET" && request_.method != "DELETE") {
    set(CURLOPT_POSTFIELDS, "");  // says Content-Length: 0
  }
  if (request_.method != "GET") set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

void Transfer::set_headers(const Settings& settings) {
  set(CURLOPT_USERAGENT, settings.user_agent.c_str());
  for (const Header& header : request_.headers) headers_.add(header);
  for (const Header& header : delivery_.resumption()) headers_.add(header);
  set(CURLOPT_HTTPHEADER, headers_.get());
}

bool Transfer::is_success() {
  long status = 0;
  curl_.easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
  answer_.status = static_cast<int>(status);
  return answer_.is_success();
}

/// Each head of an exchange (100 Continue, then the answer's own) begins with a status line.
void Transfer::take_header(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > header_bytes_max)
    fail(ErrorKind::corrupt, "the answer's headers are longer than ", human_size(header_bytes_max));
  line = trim(line);
  if (line.starts_with("HTTP/")) return answer_.headers.clear();
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  answer_.headers.push_back(
      {std::string(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1)))});
}

std::size_t Transfer::take_body(std::string_view bytes) {
  if (is_success()) {
    if (!has_begun_) delivery_.begin(answer_);
    has_begun_ = true;
    delivery_.write(bytes);
    return bytes.size();
  }
  answer_.problem.append(
      bytes.substr(0, std::min(bytes.size(), problem_size_max - answer_.problem.size())));
  problem_bytes_ += bytes.size();
  return problem_bytes_ > problem_read_max ? 0 : bytes.size();
}

std::size_t Transfer::on_header(char* bytes, std::size_t size, std::size_t count, void* self) {
  return guarded(self, 0, [&](Transfer& transfer) {
    transfer.take_header({bytes, size * count});
    return size * count;
  });
}

std::size_t Transfer::on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
  return guarded(self, 0, [&](Transfer& transfer) {
    return transfer.take_body({bytes, size * count});
  });
}

std::size_t Transfer::on_read(char* bytes, std::size_t size, std::size_t count, void* self) {
  return guarded(self, CURL_READFUNC_ABORT, [&](Transfer& transfer) {
    return transfer.body_->read(std::span(bytes, size * count));
  });
}

curl_socket_t Transfer::on_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(self);
  const auto kind = class_of(address->addr);
  transfer.is_refused_ = !kind || !transfer.request_.peers.contains(*kind);
  if (transfer.is_refused_) return CURL_SOCKET_BAD;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/// Nothing if a proxy stands between.
std::optional<AddressClass> Transfer::find_peer() {
  char* text = nullptr;
  if (!proxy_.empty() || curl_.easy_getinfo(handle_, CURLINFO_PRIMARY_IP, &text) != CURLE_OK)
    return std::nullopt;
  return text != nullptr ? class_of(std::string_view(text)) : std::nullopt;
}

int Transfer::on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Transfer*>(self)->stop_.stop_requested() ? 1 : 0;
}

/// Of all that the library would tell, one message of the server's is wanted: CertificateRequest
/// (RFC 8446 §4.3.2, RFC 5246 §7.4.4), a handshake message of type 13.
int Transfer::on_trace(CURL*, curl_infotype type, char* bytes, std::size_t size, void* self) {
  constexpr std::size_t handshake_head_size = 4;
  if (type == CURLINFO_SSL_DATA_IN && size > handshake_head_size && bytes[0] == 13)
    static_cast<Transfer*>(self)->is_certificate_asked_ = true;
  return 0;
}

Breakdown Transfer::describe_breakdown(CURLcode code) const {
  std::string text = error_text_[0] != '\0' ? error_text_.data() : curl_.easy_strerror(code);
  if (!proxy_.empty()) text += cat(" (through the proxy ", mask_credentials(proxy_), ")");
  const bool is_passing = std::find(passing.begin(), passing.end(), code) != passing.end();
  const bool wants_certificate = is_passing && is_certificate_asked_ && header_bytes_ == 0;
  if (!wants_certificate) return {text, is_passing};
  const std::string shown = trust_.certificate_file.empty()
                                ? "and there is none for it"
                                : cat("and does not take the one in ", trust_.certificate_file);
  return {cat("the server wants to be shown a certificate, ", shown, " (", text, ")"), true, true};
}

Exchange Transfer::run() {
  const CURLcode code = curl_.easy_perform(handle_);
  throw_if_stopped(stop_);
  if (thrown_) std::rethrow_exception(thrown_);
  if (code != CURLE_OK && is_refused_) {
    fail(ErrorKind::denied, mask_credentials(request_.url),
         " leads into a network that it has no business with, and is not asked");
  }
  const bool success = is_success();
  answer_.url = without_credentials(curl_, request_.url);
  answer_.peer = find_peer();
  Exchange result{std::move(answer_), std::nullopt};
  const bool enough = code == CURLE_WRITE_ERROR && problem_bytes_ > problem_read_max;
  if (code != CURLE_OK && !enough) {
    result.breakdown = describe_breakdown(code);
  } else if (success && request_.method != "HEAD") {
    delivery_.finish(result.answer);
  }
  return result;
}

}  // namespace

Exchange exchange(const Curl& curl, CURL* handle, const Settings& settings, const Request& request,
                  Delivery& delivery, const std::stop_token& stop) {
  Transfer transfer(curl, handle, request, delivery, stop);
  transfer.set_up(settings);
  return transfer.run();
}

}  // namespace strata::http
