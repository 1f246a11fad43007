#pragma once
/// What has come of an answer's body, over all attempts of one request.

#include <cstdint>
#include <optional>
#include <string>

#include "strata/http/client.hpp"

namespace strata::http {

/// Lives in one thread.
class Delivery {
 public:
  /// All borrowed.
  Delivery(const Request& request, const OpenSink& open_sink, const Watch& watch)
      : request_(request), open_sink_(open_sink), watch_(watch) {}

  /// The headers that ask for the rest of a body that was cut (RFC 9110 §13.1.5, §14.2); none if
  /// nothing came, or if nothing says that the rest would belong to it.
  Headers resumption() const;

  /// A body of a success begins; `head` tells whether it goes on where the last one was cut.
  void begin(const Answer& head);
  void write(std::string_view bytes);
  /// For a success without a body.
  void finish(const Answer& head);

  /// Bytes of the body at hand.
  std::uint64_t received() const { return received_; }

 private:
  bool goes_on(const Answer& head) const;

  const Request& request_;
  const OpenSink& open_sink_;
  const Watch& watch_;
  Sink* sink_ = nullptr;
  std::uint64_t received_ = 0;
  std::string validator_;  ///< of the body at hand; empty if there is none
};

}  // namespace strata::http
