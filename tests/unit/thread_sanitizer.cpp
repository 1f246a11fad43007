// What ThreadSanitizer cannot see and must be told.

/// An exception that travels through a std::future is counted by atomics inside libstdc++, which is
/// not instrumented: when the worker's end is the last one, its release looks like a race with the
/// caller that has read the exception before.
extern "C" const char* __tsan_default_suppressions() {
  return "race:std::__future_base::_Result<*>::_M_destroy\n";
}
