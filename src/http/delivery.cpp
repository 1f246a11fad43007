#include "http/delivery.hpp"

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"
#include "strata/base/url.hpp"

namespace strata::http {

namespace {

constexpr int partial_content = 206;

}  // namespace

Headers Delivery::resumption() const {
  if (received_ == 0 || request_.method != "GET") return {};
  const bool is_same = !validator_.empty() || request_.is_immutable;
  if (!is_same) return {};
  Headers headers{{"Range", cat("bytes=", received_, "-")}};
  if (!request_.is_immutable) headers.push_back({"If-Range", validator_});
  return headers;
}

/// A 206 that was not asked for by `resumption` is the caller's own matter.
bool Delivery::goes_on(const Answer& head) const {
  return sink_ != nullptr && head.status == partial_content && !resumption().empty();
}

void Delivery::begin(const Answer& head) {
  if (goes_on(head)) {
    const std::string* range = find_header(head.headers, "content-range");
    if (range != nullptr && range->starts_with(cat("bytes ", received_, "-"))) return;
    fail(ErrorKind::unreachable, mask_credentials(request_.url), ": asked for the bytes from ",
         received_, " on, the server sent ", range ? quoted(*range) : "others");
  }
  sink_ = &open_sink_(head);
  received_ = 0;
  validator_ = strong_validator(head.headers);
}

void Delivery::write(std::string_view bytes) {
  received_ += bytes.size();
  if (received_ > request_.answer_size_max) {
    fail(ErrorKind::corrupt, mask_credentials(request_.url), " is longer than ",
         human_size(request_.answer_size_max), ", which is the most that is taken here");
  }
  sink_->write(bytes);
  if (watch_.progress) watch_.progress(received_);
}

void Delivery::finish(const Answer& head) {
  if (sink_ == nullptr) begin(head);
}

}  // namespace strata::http
