#pragma once
/// Heredoc words, and the bodies behind them.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "strata/dockerfile/file.hpp"

namespace strata::dockerfile {

/// A word of the form `[fd]<<[-]NAME`, with empty content; nothing for any other word. NAME may be
/// quoted.
std::optional<Heredoc> find_heredoc_word(std::string_view word);

/// The heredocs a logical line announces, in order, with empty content.
std::vector<Heredoc> find_heredocs(std::string_view line);

/// The document as a file or script shall have it: without leading tabs if it was `<<-`.
std::string document_text(const Heredoc& heredoc);

/// The line with its documents below it, each ended by its terminator: what a shell that knows
/// heredocs shall read, and how an ONBUILD trigger is stored.
std::string with_documents(std::string_view line, const std::vector<Heredoc>& heredocs);

}  // namespace strata::dockerfile
