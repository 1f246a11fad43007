#pragma once
/// SIGINT and SIGTERM as a wish to stop. The first one asks; the second one, for the impatient,
/// ends the program at once, and the kernel ends its sandboxes.

#include <stop_token>
#include <thread>

#include "strata/base/fd.hpp"

namespace strata::cli {

/// At most one at a time. The signals' former handling comes back when it goes.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  std::stop_token token() const { return source_.get_token(); }

 private:
  void listen();

  std::stop_source source_;
  Pipe pipe_;
  std::thread listener_;
};

}  // namespace strata::cli
