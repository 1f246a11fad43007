#pragma once
/// What chmod takes: octal digits for a mode, or clauses that change one, as in "u=rwX,go=rX". The
/// clauses are those of FreeBSD's chmod(1) under a umask of 0.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace strata {

/// An immutable value.
class ModeChange {
 public:
  /// Nothing if `text` is neither octal digits from 0 to 7777 nor clauses.
  static std::optional<ModeChange> parse(std::string_view text);

  /// The mode of a file or directory after the change; modes have twelve bits.
  std::uint32_t apply(std::uint32_t mode, bool is_directory) const;

  /// The mode that octal digits give to everything; nothing for clauses.
  std::optional<std::uint32_t> absolute() const { return absolute_; }

 private:
  struct Action {
    std::uint32_t who;   ///< the bits that may change
    char operation;      ///< '+', '-' or '='
    std::uint32_t bits;  ///< what is added, taken away or set
    char copied = 0;     ///< 'u', 'g' or 'o': its permissions stand for `bits`
    /// `X`: only for directories and what somebody could execute before.
    bool if_executable = false;
  };
  class Parser;

  static std::uint32_t apply(const Action& action, std::uint32_t mode);

  std::optional<std::uint32_t> absolute_;
  std::vector<Action> actions_;
};

}  // namespace strata
