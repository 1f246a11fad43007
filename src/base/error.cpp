#include "strata/base/error.hpp"

#include <cstring>

namespace strata {

namespace {

struct ErrnoKind {
  int error_number;
  ErrorKind kind;
};

// Everything that is not here is the machine's fault: ErrorKind::system.
constexpr ErrnoKind errno_kinds[] = {
    {ENOENT, ErrorKind::not_found},
    {ENOTDIR, ErrorKind::not_found},
    {EACCES, ErrorKind::denied},
    {EPERM, ErrorKind::denied},
    {EROFS, ErrorKind::denied},
    {ELOOP, ErrorKind::corrupt},
    {ENAMETOOLONG, ErrorKind::corrupt},
    {EILSEQ, ErrorKind::corrupt},
    {ECONNREFUSED, ErrorKind::unreachable},
    {ECONNRESET, ErrorKind::unreachable},
    {ECONNABORTED, ErrorKind::unreachable},
    {EHOSTUNREACH, ErrorKind::unreachable},
    {EHOSTDOWN, ErrorKind::unreachable},
    {ENETUNREACH, ErrorKind::unreachable},
    {ENETDOWN, ErrorKind::unreachable},
    {ETIMEDOUT, ErrorKind::unreachable},
    {EADDRNOTAVAIL, ErrorKind::unreachable},
    {ECANCELED, ErrorKind::interrupted},
};

std::string system_text(int error_number) {
  // Unlike strerror this one is thread-safe and never depends on the locale.
  if (const char* text = strerrordesc_np(error_number)) return text;
  return cat("error ", error_number);
}

}  // namespace

int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::step_failed:
      return 1;
    case ErrorKind::usage:
      return 2;
    case ErrorKind::dockerfile:
      return 3;
    case ErrorKind::not_found:
      return 4;
    case ErrorKind::denied:
      return 5;
    case ErrorKind::corrupt:
      return 6;
    case ErrorKind::unreachable:
      return 8;
    case ErrorKind::system:
      return 9;
    case ErrorKind::interrupted:
      return 130;
  }
  return 9;
}

Error::Error(ErrorKind kind, std::string message)
    : kind_(kind), message_(std::move(message)), full_text_(message_) {}

Error& Error::note(std::string text) {
  full_text_ += cat("\n  ", text);
  notes_.push_back(std::move(text));
  return *this;
}

ErrorKind kind_of_errno(int error_number) {
  for (const auto& entry : errno_kinds) {
    if (entry.error_number == error_number) return entry.kind;
  }
  return ErrorKind::system;
}

void fail_system(int error_number, const std::string& what) {
  throw Error(kind_of_errno(error_number), cat(what, ": ", system_text(error_number)));
}

}  // namespace strata
