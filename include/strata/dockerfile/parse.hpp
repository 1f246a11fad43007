#pragma once
/// Text to File: lexing, directives, continuations, heredocs, and the form of each instruction.
///
/// Parsing never expands, never looks at the meaning of an instruction, and takes time linear in
/// the text. What an instruction accepts is `rules.hpp`; how instructions make stages,
/// `stages.hpp`.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "strata/dockerfile/file.hpp"

namespace strata::dockerfile {

inline constexpr std::size_t file_size_max = 8 << 20;
inline constexpr std::size_t line_size_max = 65535;
inline constexpr std::size_t instruction_count_max = 100'000;

/// Throws SourceError (finding.hpp) naming the line: a line or file too long, a directive given
/// twice or with a bad value, an unterminated heredoc, a JSON array of something else than strings,
/// ENV and LABEL without a value, no instruction at all.
File parse(std::string_view text, std::string name);

/// One instruction on its own, as ONBUILD triggers are stored in images (heredoc bodies may follow
/// on further lines). Throws SourceError if the text is not exactly one instruction.
Instruction parse_instruction(std::string_view text, char escape = '\\');

/// The frontend image that a file of any format asks for: a `# syntax=` or `// syntax=` line at its
/// top (below a `#!` line, if there is one), or the member "syntax" of a JSON object.
std::optional<std::string> detect_syntax(std::string_view text);

}  // namespace strata::dockerfile
