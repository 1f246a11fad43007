// Any text is the value of a flag or is refused: --mount, durations. What check_mount lets pass
// without a variable in it can be read.

#include "fuzz/target.hpp"
#include "strata/dockerfile/duration.hpp"
#include "strata/dockerfile/mount.hpp"

void strata::fuzz::try_input(std::string_view input) {
  dockerfile::parse_duration_ns(input);
  dockerfile::check_mount(input);
  const bool literal = input.find_first_of("$\"'\\`") == std::string_view::npos;
  try {
    dockerfile::parse_mount(input, [](std::string_view value) { return std::string(value); });
  } catch (const Error&) {
    if (literal) __builtin_trap();
  }
}
