#include "registry/upload.hpp"

#include <algorithm>

#include "strata/base/error.hpp"
#include "strata/base/stop.hpp"
#include "strata/base/text.hpp"
#include "strata/base/url.hpp"

namespace strata::registry {

namespace {

constexpr unsigned attempts_max = 5;
constexpr std::chrono::milliseconds first_pause{500};
constexpr std::chrono::milliseconds pause_max{60'000};
/// Trouble after these many more bytes is new trouble: a long way has more of it than a short one.
constexpr std::uint64_t headway = 1u << 20;
constexpr std::size_t answer_size_max = 1u << 20;

/// Tells how far into the blob the bytes are that were read.
class CountingSource : public Source {
 public:
  CountingSource(const BlobFile& blob, std::uint64_t offset, std::uint64_t size,
                 const http::Watch& watch)
      : file_(blob.fd, offset), piece_(file_, size), position_(offset), watch_(watch) {}

  std::size_t read(std::span<char> buffer) override {
    const std::size_t count = piece_.read(buffer);
    position_ += count;
    if (watch_.progress && count > 0) watch_.progress(position_);
    return count;
  }

 private:
  PreadSource file_;
  LimitedSource piece_;
  std::uint64_t position_;
  const http::Watch& watch_;
};

/// The number of bytes that "0-N" says are there; "0-0" is what registries say of nothing.
std::optional<std::uint64_t> bytes_in_range(const http::Answer& answer) {
  const std::string* text = http::find_header(answer.headers, "range");
  if (text == nullptr) return std::nullopt;
  std::string_view range = *text;
  if (range.starts_with("bytes=")) range.remove_prefix(6);
  if (!range.starts_with("0-")) return std::nullopt;
  const auto last = parse_decimal(range.substr(2));
  if (!last) return std::nullopt;
  return *last == 0 ? 0 : *last + 1;
}

}  // namespace

Scopes push_scope(const std::string& name) { return {cat("repository:", name, ":pull,push")}; }

std::string Upload::doing() const {
  return cat("blob ", blob_.digest, " to ", host_.domain(), '/', name_);
}

std::optional<Arrival> Upload::offer(const std::vector<std::string>& mount_from) {
  if (is_there(attempts_max)) return Arrival::was_there;
  for (const std::string& from : mount_from)
    if (mount(from)) return Arrival::mounted;
  return std::nullopt;
}

Arrival Upload::run(const std::vector<std::string>& mount_from) {
  if (const auto arrival = offer(mount_from)) return *arrival;
  send_all();
  return Arrival::sent;
}

http::Answer Upload::send(http::Request request) {
  request.answer_size_max = answer_size_max;
  StringSink answer_body;
  const auto open = [&](const http::Answer&) -> Sink& { return answer_body = StringSink(); };
  return host_.send(std::move(request), name_, scopes_, open, {watch_.stop, {}});
}

bool Upload::is_there(unsigned attempts) {
  http::Request request;
  request.method = "HEAD";
  request.attempts_max = attempts;
  request.url = host_.url(cat(name_, "/blobs/", blob_.digest), watch_.stop);
  const http::Answer answer = send(request);
  if (answer.status == 404) return false;
  if (!answer.is_success()) fail_answer(answer, doing());
  return true;
}

/// True if the registry has it from there now. If not, it has begun an upload instead, or says why
/// nobody may mount from there, which is no reason not to send the blob.
bool Upload::mount(const std::string& from) {
  http::Request request;
  request.method = "POST";
  request.url =
      host_.url(cat(name_, "/blobs/uploads/?mount=", blob_.digest, "&from=", from), watch_.stop);
  scopes_ = {push_scope(name_).front(), cat("repository:", from, ":pull")};
  http::Answer answer;
  try {
    answer = send(request);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::denied) throw;
  }
  scopes_ = push_scope(name_);
  if (answer.status == 202) take_location(answer);
  return answer.status == 201;
}

void Upload::send_all() {
  auto pause = first_pause;
  std::uint64_t farthest = 0;
  for (unsigned attempt = 1; !go_on(); ++attempt) {
    if (offset_ >= farthest + headway) {
      farthest = offset_;
      attempt = 1;
      pause = first_pause;
    }
    if (attempt == attempts_max || asked_pause_.value_or(pause) > pause_max)
      fail(ErrorKind::unreachable, doing(), ": ", trouble_, ", after ", attempt, " attempts");
    wait_or_stop(asked_pause_.value_or(pause), watch_.stop);
    pause *= 2;
  }
}

bool Upload::go_on() {
  asked_pause_.reset();
  try {
    if (is_uncertain_ && !location_.empty() && !find_where_it_stands()) {
      // The registry may have taken it to the end, and only its answer was lost.
      if (is_there(1)) return true;
      location_.clear();
    }
    if (location_.empty()) begin();
    is_uncertain_ = false;
    while (blob_.size - offset_ > piece_size_) {
      const http::Answer answer = send_piece("PATCH", location_, piece_size_);
      check(answer);
      offset_ += piece_size_;
      take_location(answer);
    }
    check(finish(blob_.size - offset_));
    return true;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::unreachable) throw;
    is_uncertain_ = true;
    trouble_ = error.message();
    return false;
  }
}

/// Throws for what is no success: Error unreachable if it may go better in a while.
void Upload::check(const http::Answer& answer) {
  asked_pause_ = http::may_pass(answer) ? http::asked_pause(answer) : std::nullopt;
  if (http::may_pass(answer)) fail(ErrorKind::unreachable, "status ", answer.status);
  if (!answer.is_success()) fail_answer(answer, doing());
}

void Upload::begin() {
  http::Request request;
  request.method = "POST";
  request.url = host_.url(cat(name_, "/blobs/uploads/"), watch_.stop);
  const http::Answer answer = send(request);
  check(answer);
  offset_ = 0;
  if (const std::string* text = http::find_header(answer.headers, "oci-chunk-min-length"))
    piece_size_ = std::max(piece_size_, parse_decimal(*text).value_or(0));
  if (!take_location(answer))
    fail(ErrorKind::corrupt, doing(), ": the registry does not say where to send it");
}

/// Where to go on is wherever the last answer says, but never from https to http.
bool Upload::take_location(const http::Answer& answer) {
  const std::string* text = http::find_header(answer.headers, "location");
  if (text == nullptr) return false;
  std::string next = host_.client().resolve(answer.url, *text);
  if (answer.url.starts_with("https:") && !next.starts_with("https:")) {
    fail(ErrorKind::corrupt, doing(), " is to be sent to ", quoted(mask_credentials(next)),
         ", which is not encrypted: from https nobody is followed to http");
  }
  location_ = std::move(next);
  return true;
}

http::Answer Upload::send_piece(const std::string& method, const std::string& url,
                                std::uint64_t size) {
  http::Request request;
  request.method = method;
  request.url = url;
  request.headers.push_back({"Content-Type", "application/octet-stream"});
  if (size > 0 && (method == "PATCH" || offset_ > 0))
    request.headers.push_back({"Content-Range", cat(offset_, '-', offset_ + size - 1)});
  request.attempts_max = 1;  // the registry may have a part of it: only it knows where to go on
  request.body_size = size;
  request.open_body = [this, size] {
    return std::make_unique<CountingSource>(blob_, offset_, size, watch_);
  };
  return send(request);
}

/// The last piece, and with it the digest, which the registry checks.
http::Answer Upload::finish(std::uint64_t size) {
  const char mark = location_.find('?') == std::string::npos ? '?' : '&';
  return send_piece("PUT", cat(location_, mark, "digest=", blob_.digest), size);
}

/// False if the upload is gone, or stands where it cannot be trusted to go on: it begins anew.
/// Throws as `check` if there is no answer to tell: then it is asked again.
bool Upload::find_where_it_stands() {
  if (offset_ == 0) return false;
  http::Request request;
  request.url = location_;
  request.attempts_max = 1;
  const http::Answer answer = send(request);
  if (http::may_pass(answer)) check(answer);
  const auto there = bytes_in_range(answer);
  if (!answer.is_success() || !there || *there > blob_.size) return false;
  take_location(answer);
  offset_ = *there;
  return true;
}

}  // namespace strata::registry
