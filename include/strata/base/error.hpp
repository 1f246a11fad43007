#pragma once
/// The one exception type of Strata, and the closed set of reasons it can carry.
///
/// An Error is thrown when the caller's request cannot be met. Outcomes that are part of normal
/// work (a cache miss, a process's exit status, an absent file where absence is an answer) are
/// values.

#include <exception>
#include <string>
#include <vector>

#include "strata/base/text.hpp"

namespace strata {

/// Why a request could not be met. `exit_code` maps each kind to the program's exit status.
enum class ErrorKind {
  step_failed,  ///< a build step's process ended with a failure
  usage,        ///< the command line asks for something that does not exist or contradicts itself
  dockerfile,   ///< the Dockerfile is wrong, or a check of it failed
  not_found,    ///< a named thing is not there
  denied,       ///< the system refused permission
  corrupt,      ///< bytes from outside are malformed, or do not have the digest they claim
  unreachable,  ///< a network peer did not answer
  system,       ///< the machine failed us: disk full, no memory, a kernel feature missing
  interrupted,  ///< the user stopped the work
};

/// The exit status of a program that ends with this kind of error.
int exit_code(ErrorKind kind);

/// An error on its way up. Functions it passes through may add notes that say what they were doing.
class Error : public std::exception {
 public:
  Error(ErrorKind kind, std::string message);

  ErrorKind kind() const { return kind_; }
  const std::string& message() const { return message_; }
  /// Innermost first.
  const std::vector<std::string>& notes() const { return notes_; }

  /// Adds a line of context and returns *this, so that a handler can write `throw e.note(…)`.
  Error& note(std::string text);

  /// The message followed by one indented line per note.
  const char* what() const noexcept override { return full_text_.c_str(); }

 private:
  ErrorKind kind_;
  std::string message_;
  std::vector<std::string> notes_;
  std::string full_text_;
};

/// Throws Error{kind, cat(parts...)}.
template <class... Parts>
[[noreturn]] void fail(ErrorKind kind, const Parts&... parts) {
  throw Error(kind, cat(parts...));
}

/// The kind that best says what an errno value means for a request.
ErrorKind kind_of_errno(int error_number);

/// Throws for a failed system call: `what` followed by the system's own text for `error_number`.
[[noreturn]] void fail_system(int error_number, const std::string& what);

/// As above, with the current `errno`.
template <class... Parts>
[[noreturn]] void fail_errno(const Parts&... parts);

}  // namespace strata

#include <cerrno>

template <class... Parts>
[[noreturn]] void strata::fail_errno(const Parts&... parts) {
  const int error_number = errno;
  fail_system(error_number, cat(parts...));
}
