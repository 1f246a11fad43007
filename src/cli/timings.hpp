#pragma once
/// Where the time of a build went: --timings, a table for people, and --trace, a file for tools
/// that read Chrome's trace event format (chrome://tracing, Perfetto).

#include <span>
#include <string>

#include "strata/base/span_log.hpp"

namespace strata::cli {

/// A line for each step in the order in which they began, and one for the whole. Milliseconds; of
/// work that several threads did at once, the sum.
std::string timings_table(std::span<const Span> spans);

/// One JSON document; times in microseconds from the first span on.
std::string trace_json(std::span<const Span> spans);

}  // namespace strata::cli
