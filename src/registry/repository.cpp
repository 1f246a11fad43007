#include "strata/registry/repository.hpp"

#include <algorithm>
#include <map>
#include <mutex>

#include "registry/host.hpp"
#include "registry/upload.hpp"
#include "strata/base/error.hpp"
#include "strata/base/text.hpp"
#include "strata/oci/media_type.hpp"

namespace strata::registry {

namespace {

namespace media_type = oci::media_type;

Scopes pull_scope(const std::string& name) { return {cat("repository:", name, ":pull")}; }

std::string accepted_types() {
  return cat(media_type::manifest, ", ", media_type::index, ", ", media_type::docker_manifest, ", ",
             media_type::docker_index);
}

/// Collects one body; the caller limits it by the request.
class Body {
 public:
  http::OpenSink opener() {
    return [this](const http::Answer&) -> Sink& { return sink_ = StringSink(); };
  }
  std::string take() { return sink_.take(); }

 private:
  StringSink sink_;
};

/// Without parameters ("; charset=utf-8").
std::string content_type(const http::Answer& answer) {
  const std::string* text = http::find_header(answer.headers, "content-type");
  if (text == nullptr) return "";
  return to_lower(trim(std::string_view(*text).substr(0, text->find(';'))));
}

void check_digest(const Digest& found, const Digest& expected, const std::string& what) {
  if (found == expected) return;
  fail(ErrorKind::corrupt, what, " should have the digest ", to_string(expected),
       ", but the registry sent bytes of ", to_string(found));
}

/// What was asked for by digest, or is said to have one, must have it.
void check_document(const Document& document, const http::Answer& answer,
                    const std::string& tag_or_digest, const std::string& what) {
  if (const auto asked = Digest::find(tag_or_digest)) check_digest(document.digest, *asked, what);
  const std::string* said = http::find_header(answer.headers, "docker-content-digest");
  const auto claimed = said != nullptr ? Digest::find(*said) : std::nullopt;
  if (claimed) check_digest(document.digest, *claimed, what);
}

}  // namespace

Repository::Repository(std::shared_ptr<Host> host, std::string name)
    : host_(std::move(host)), name_(std::move(name)) {}

std::string Repository::text() const { return cat(host_->domain(), '/', name_); }

std::optional<Document> Repository::find_manifest(const std::string& tag_or_digest,
                                                  const std::stop_token& stop) const {
  const std::string what = cat("manifest ", tag_or_digest, " of ", text());
  http::Request request;
  request.url = host_->url(cat(name_, "/manifests/", tag_or_digest), stop);
  request.headers.push_back({"Accept", accepted_types()});
  request.answer_size_max = oci::document_size_max;
  Body body;
  const http::Answer answer =
      host_->send(request, name_, pull_scope(name_), body.opener(), {stop, {}});
  if (answer.status == 404) return std::nullopt;
  if (answer.status != 200) fail_answer(answer, what);
  std::string bytes = body.take();
  Document document{content_type(answer), Digest::of(bytes), {}};
  document.bytes = std::move(bytes);
  check_document(document, answer, tag_or_digest, what);
  return document;
}

bool Repository::has_manifest(const std::string& tag_or_digest, const std::stop_token& stop) const {
  http::Request request;
  request.method = "HEAD";
  request.url = host_->url(cat(name_, "/manifests/", tag_or_digest), stop);
  request.headers.push_back({"Accept", accepted_types()});
  Body body;
  const http::Answer answer =
      host_->send(request, name_, pull_scope(name_), body.opener(), {stop, {}});
  if (answer.status == 404) return false;
  if (answer.status != 200) fail_answer(answer, cat("manifest ", tag_or_digest, " of ", text()));
  return true;
}

void Repository::fetch_blob(const Digest& digest, std::uint64_t size,
                            const http::OpenSink& open_sink, const http::Watch& watch) const {
  http::Request request;
  request.url = host_->url(cat(name_, "/blobs/", digest), watch.stop);
  request.answer_size_max = size;
  request.is_immutable = true;
  const http::Answer answer = host_->send(request, name_, pull_scope(name_), open_sink, watch);
  if (!answer.is_success()) fail_answer(answer, cat("blob ", digest, " of ", text()));
}

std::string Repository::fetch_document(const oci::Descriptor& blob, const std::stop_token& stop,
                                       std::size_t size_max) const {
  const std::string what = cat("blob ", blob.digest, " of ", text());
  if (blob.size > size_max) {
    fail(ErrorKind::corrupt, what, " is said to have ", blob.size,
         " bytes; a document has at most ", size_max);
  }
  Body body;
  fetch_blob(blob.digest, blob.size, body.opener(), {stop, {}});
  std::string bytes = body.take();
  check_digest(Digest::of(bytes), blob.digest, what);
  return bytes;
}

std::optional<Arrival> Repository::offer_blob(const Digest& digest,
                                              const std::vector<std::string>& mount_from,
                                              const http::Watch& watch) const {
  const BlobFile without_bytes{digest, 0, -1};
  const auto arrival =
      Upload(*host_, name_, without_bytes, watch).offer(with_known_holder(digest, mount_from));
  if (arrival) host_->note_holder(digest, name_);
  return arrival;
}

Arrival Repository::put_blob(const BlobFile& blob, const std::vector<std::string>& mount_from,
                             const http::Watch& watch) const {
  const Arrival arrival =
      Upload(*host_, name_, blob, watch).run(with_known_holder(blob.digest, mount_from));
  host_->note_holder(blob.digest, name_);
  return arrival;
}

/// What this process has put somewhere itself is tried first.
std::vector<std::string> Repository::with_known_holder(
    const Digest& digest, const std::vector<std::string>& mount_from) const {
  std::vector<std::string> holders = mount_from;
  const auto known = host_->find_holder(digest);
  if (known && *known != name_ &&
      std::find(holders.begin(), holders.end(), *known) == holders.end())
    holders.insert(holders.begin(), *known);
  return holders;
}

void Repository::put_manifest(const std::string& tag_or_digest, const Document& document,
                              const std::stop_token& stop) const {
  const std::string what = cat("manifest ", tag_or_digest, " of ", text());
  http::Request request;
  request.method = "PUT";
  request.url = host_->url(cat(name_, "/manifests/", tag_or_digest), stop);
  request.headers.push_back({"Content-Type", document.media_type});
  request.open_body = [&document] { return std::make_unique<ViewSource>(document.bytes); };
  request.body_size = document.bytes.size();
  request.answer_size_max = oci::document_size_max;
  Body body;
  const http::Answer answer =
      host_->send(request, name_, push_scope(name_), body.opener(), {stop, {}});
  if (!answer.is_success()) fail_answer(answer, what);
  check_document(document, answer, tag_or_digest, what);
}

struct Registries::State {
  explicit State(Access given) : access(std::move(given)) {}
  const Access access;
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<Host>> hosts;
};

Registries::Registries(Access access) : state_(std::make_unique<State>(std::move(access))) {}
Registries::~Registries() = default;

const Access& Registries::access() const { return state_->access; }

Repository Registries::open(const Place& place) {
  const std::lock_guard lock(state_->mutex);
  auto& host = state_->hosts[cat(place.host, place.is_insecure ? " insecure" : "")];
  if (!host) host = std::make_shared<Host>(state_->access, place.host, place.is_insecure);
  return {host, place.repository};
}

void Registries::try_credentials(const std::string& domain, const Credentials& credentials,
                                 const std::stop_token& stop) const {
  Host host(state_->access, domain, false, credentials);
  http::Request ping;
  ping.url = host.url("", stop);
  ping.answer_size_max = oci::document_size_max;
  Body body;
  const http::Answer answer = host.send(ping, "", {}, body.opener(), {stop, {}});
  if (!answer.is_success()) fail_answer(answer, cat("log in to ", domain));
}

}  // namespace strata::registry
