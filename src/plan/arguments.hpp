#pragma once
/// Build arguments (reference dockerfile.md §1.3): what the user gave, what is predefined, what the
/// file declares before its first FROM, and what a stage has declared so far.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "strata/dockerfile/words.hpp"
#include "strata/plan/make_plan.hpp"

namespace strata::plan {

/// Arguments that FROM lines see, and that a bare ARG brings into a stage: the automatic platform
/// arguments and the ARGs before the first FROM.
class GlobalArguments {
 public:
  /// `target_name` is the name of the stage that is built; empty if it has none. Borrows the
  /// build arguments of `options`.
  GlobalArguments(const Options& options, const std::string& target_name);

  /// Takes a global ARG instruction. A default sees the arguments above it.
  void declare(const dockerfile::Instruction& arg, char escape);

  std::optional<std::string> find(std::string_view name) const;
  /// All that are declared, with a value or without, in alphabetical order.
  const std::set<std::string, std::less<>>& names() const { return names_; }
  /// As `find`, for an Expander; borrows this.
  dockerfile::Environment environment() const;

 private:
  void define(const std::string& name, std::string value);

  const std::map<std::string, std::string>& given_;
  std::map<std::string, std::string, std::less<>> values_;
  std::set<std::string, std::less<>> names_;
};

/// A declared ARG. Without a value it is declared, but unset.
struct Argument {
  std::string name;
  std::optional<std::string> value;
};

/// Arguments that steer the builder: declared and in the history, but in no environment.
bool is_never_set(std::string_view name);

/// The ARGs of a stage, in order of first declaration.
class StageArguments {
 public:
  /// A declaration without a value leaves the value of an earlier one.
  void declare(Argument argument);
  bool declares(std::string_view name) const;
  /// As the stage's environment has it.
  std::optional<std::string> find(std::string_view name) const;
  const std::vector<Argument>& list() const { return list_; }
  /// About what they take in memory.
  std::size_t bytes() const;

 private:
  std::vector<Argument> list_;
  std::map<std::string, std::size_t, std::less<>> places_;  ///< in the list
};

/// What an ARG in a stage gives: --build-arg before its own default before the global value.
/// `expand` is for the default.
Argument resolve_argument(const dockerfile::Pair& pair,
                          const std::map<std::string, std::string>& given,
                          const GlobalArguments& globals, dockerfile::Expander& expander);

/// NAME=value of the predefined proxy arguments that were given and that neither `env` nor a
/// declared ARG defines; each under its upper-case and its lower-case name.
std::vector<std::string> proxy_environment(const std::map<std::string, std::string>& given,
                                           const dockerfile::Environment& env,
                                           const StageArguments& declared);

/// The --build-arg names that are neither in `declared` nor mean something of themselves.
std::vector<std::string> unused_arguments(const std::map<std::string, std::string>& given,
                                          const std::set<std::string>& declared);

}  // namespace strata::plan
