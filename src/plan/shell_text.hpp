#pragma once
/// The text of a RUN as far as hints need to read it: simple commands and their words. No shell is
/// played; what cannot be told by its looks is left alone.

#include <string>
#include <string_view>
#include <vector>

#include "strata/dockerfile/file.hpp"

namespace strata::plan {

/// What a shell is given to read: the text of a shell form, or of the heredoc that is all a RUN
/// says. Empty for other forms and for scripts that name another interpreter (`#!`).
std::string shell_text(const dockerfile::Instruction& run);

/// Commands parted by newlines, `;`, `&`, `|` outside of quotes, each as its words, quotes gone.
/// Comments and the escapes of line ends are dropped.
std::vector<std::vector<std::string>> shell_commands(std::string_view text);

/// Lines that begin a command: neither blank nor comments, nor continued from the line above by an
/// escape, `|`, `&&`, `||`.
std::size_t statement_count(std::string_view text);

}  // namespace strata::plan
