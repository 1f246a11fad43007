#pragma once
/// Mistakes gathered while a plan is made, so that a user sees all of them at once.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "strata/dockerfile/finding.hpp"

namespace strata::plan {

/// Throws an Error of kind dockerfile that does not know its place yet; `Findings::attempt` adds
/// it. `suggestion` is the way out and may be empty.
[[noreturn]] void refuse(std::string message, std::string suggestion = {});

/// An Error for what the language has and this machine cannot do.
class Unsupported : public Error {
 public:
  using Error::Error;
};

/// Throws Unsupported; as `refuse` otherwise.
[[noreturn]] void refuse_here(std::string message, std::string suggestion);

/// Not thread-safe. `file` is borrowed.
class Findings {
 public:
  /// Whether what only this machine cannot do is a mistake of the file.
  enum class Gaps { count, pass };

  explicit Findings(const dockerfile::File& file, Gaps gaps = Gaps::count)
      : file_(file), gaps_(gaps) {}

  void add(dockerfile::SourceRange lines, std::string message, std::string suggestion = {});

  /// Does `work()`; if it throws what a Dockerfile's author must mend, that becomes a finding at
  /// `lines` and false is returned. `about` is put before the message. Other errors pass through.
  template <class Work>
  bool attempt(dockerfile::SourceRange lines, const Work& work, std::string_view about = {}) {
    try {
      work();
      return true;
    } catch (const Error& error) {
      take(error, lines, about);
      return false;
    }
  }

  /// All of them, in order of lines.
  std::vector<dockerfile::Finding> take_all();
  /// Throws SourceError with all findings, in order of lines, if there are any.
  void throw_if_any();

 private:
  void take(const Error& error, dockerfile::SourceRange lines, std::string_view about);

  const dockerfile::File& file_;
  Gaps gaps_;
  std::multimap<int, dockerfile::Finding> findings_;  ///< by their first line
};

}  // namespace strata::plan
