#pragma once
/// The syntax tree as JSON (`strata parse --format json`) and as text again.

#include <string>
#include <string_view>

#include "strata/dockerfile/file.hpp"
#include "strata/dockerfile/finding.hpp"

namespace strata::dockerfile {

/// One object, raw text throughout, on one line.
std::string to_json(const File& file);
/// `{"error":{"message":…,"line":…}}` for the first finding.
std::string to_json(const SourceError& error);

/// A Dockerfile that parses to the same but for line numbers and warnings: one line for each
/// instruction, then its heredocs. Comments right above instructions are kept, all others are not.
/// Only logical lines that fit into a physical one (`line_size_max`) can be read again.
std::string to_text(const File& file);

}  // namespace strata::dockerfile
