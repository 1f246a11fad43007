#pragma once
/// Which flags each instruction takes, and typed access to those given.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "strata/dockerfile/finding.hpp"

namespace strata::dockerfile {

enum class FlagKind {
  boolean,   ///< `--f`, `--f=true`, `--f=false`, in any case
  single,    ///< `--f=value`, once
  repeated,  ///< `--f=value`, any number of times
};

struct FlagRule {
  Keyword keyword;
  std::string_view name;
  FlagKind kind;
};

/// The whole table, one row per instruction and flag.
std::span<const FlagRule> flag_rules();

/// Unknown, repeated, valueless and non-boolean flags.
std::vector<Finding> check_flags(const Instruction& instruction);

/// Whether the flag was written at all.
bool has_flag(const Instruction& instruction, std::string_view name);
/// A boolean flag's value; nothing if not given. The flags must have passed `check_flags`.
std::optional<bool> find_boolean_flag(const Instruction& instruction, std::string_view name);
/// A single flag's text, unexpanded; nothing if not given.
std::optional<std::string> find_flag(const Instruction& instruction, std::string_view name);
/// All values of a repeated flag, in order, unexpanded.
std::vector<std::string> flag_values(const Instruction& instruction, std::string_view name);

}  // namespace strata::dockerfile
