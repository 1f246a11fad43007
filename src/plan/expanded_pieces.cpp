#include "plan/expanded_pieces.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "strata/base/error.hpp"
#include "strata/dockerfile/flags.hpp"
#include "strata/dockerfile/heredoc.hpp"

namespace strata::plan {

namespace {

using dockerfile::Form;
using dockerfile::Instruction;
using dockerfile::Keyword;
using dockerfile::ValueExpander;
using Kind = ExpandedPiece::Kind;
using Pieces = std::vector<ExpandedPiece>;

void add_flags(Pieces& pieces, const Instruction& instruction,
               std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (const auto text = dockerfile::find_flag(instruction, name)) {
      pieces.push_back({Kind::word, *text});
    }
  }
}

void add_paths(Pieces& pieces, const Instruction& instruction) {
  for (const auto& word : instruction.args) {
    if (!dockerfile::find_heredoc_word(word)) pieces.push_back({Kind::word, word});
  }
  for (const auto& heredoc : instruction.heredocs) {
    if (heredoc.expand) pieces.push_back({Kind::document, document_text(heredoc)});
  }
}

Pieces copy_pieces(const Instruction& instruction, const ValueExpander&) {
  Pieces pieces;
  add_flags(pieces, instruction, {"chown", "chmod"});
  add_paths(pieces, instruction);
  return pieces;
}

Pieces add_pieces(const Instruction& instruction, const ValueExpander&) {
  Pieces pieces;
  add_flags(pieces, instruction, {"chown", "chmod", "checksum"});
  add_paths(pieces, instruction);
  return pieces;
}

Pieces pair_pieces(const Instruction& instruction, const ValueExpander&) {
  Pieces pieces;
  for (const auto& pair : instruction.pairs) {
    pieces.push_back({Kind::word, pair.key});
    pieces.push_back({Kind::word, pair.value.value_or("")});
  }
  return pieces;
}

Pieces mount_pieces(const Instruction& instruction, const ValueExpander& values) {
  Pieces pieces;
  const auto noting = [&](std::string_view value) {
    pieces.push_back({Kind::word, std::string(value)});
    return values(value);
  };
  try {
    for (const auto& text : dockerfile::flag_values(instruction, "mount")) {
      dockerfile::parse_mount(text, noting);
    }
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::dockerfile) throw;  // else the planner tells
  }
  return pieces;
}

Pieces word_pieces(const Instruction& instruction, const ValueExpander&) {
  Pieces pieces;
  for (const auto& word : instruction.args) pieces.push_back({Kind::word, word});
  return pieces;
}

struct Row {
  Keyword keyword;
  Pieces (*pieces)(const Instruction& instruction, const ValueExpander& values);
};

constexpr std::array table = {
    Row{Keyword::add, add_pieces},      Row{Keyword::copy, copy_pieces},
    Row{Keyword::env, pair_pieces},     Row{Keyword::label, pair_pieces},
    Row{Keyword::run, mount_pieces},    Row{Keyword::stopsignal, word_pieces},
    Row{Keyword::user, word_pieces},    Row{Keyword::volume, word_pieces},
    Row{Keyword::workdir, word_pieces},
};

}  // namespace

std::vector<ExpandedPiece> expanded_pieces(const Instruction& instruction,
                                           const ValueExpander& values) {
  const auto row = std::find_if(table.begin(), table.end(), [&](const Row& candidate) {
    return candidate.keyword == instruction.keyword;
  });
  return row == table.end() ? Pieces() : row->pieces(instruction, values);
}

void expand(const ExpandedPiece& piece, dockerfile::Expander& expander) {
  if (piece.kind == Kind::document) {
    expander.document(piece.text);
  } else {
    expander.word(piece.text);
  }
}

}  // namespace strata::plan
