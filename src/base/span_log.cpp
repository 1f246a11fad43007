#include "strata/base/span_log.hpp"

namespace strata {

void SpanLog::add(Span span) {
  const std::lock_guard lock(mutex_);
  const auto number = static_cast<unsigned>(threads_.size());
  span.thread = threads_.try_emplace(std::this_thread::get_id(), number).first->second;
  spans_.push_back(std::move(span));
}

std::vector<Span> SpanLog::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(spans_, {});
}

SpanTimer::~SpanTimer() {
  if (scope_.log == nullptr) return;
  scope_.log->add({name_, scope_.step, 0, start_, Span::Clock::now(), std::move(numbers_)});
}

SpanSum::~SpanSum() {
  if (scope_.log == nullptr || took_ == Span::Clock::duration{}) return;
  const auto end = Span::Clock::now();
  scope_.log->add({name_, scope_.step, 0, end - took_, end, {}});
}

}  // namespace strata
