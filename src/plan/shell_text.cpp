#include "plan/shell_text.hpp"

#include <algorithm>
#include <optional>

#include "strata/base/text.hpp"
#include "strata/dockerfile/heredoc.hpp"
#include "strata/dockerfile/words.hpp"

namespace strata::plan {

namespace {

using dockerfile::Form;
using dockerfile::Instruction;
using Commands = std::vector<std::vector<std::string>>;

/// Cuts a text into words and commands, one character after the other.
class ShellReader {
 public:
  explicit ShellReader(std::string_view text) : text_(text) {}

  Commands read() {
    while (position_ < text_.size()) step();
    end_command();
    return std::move(commands_);
  }

 private:
  static bool parts_commands(char c) { return c == '\n' || c == ';' || c == '&' || c == '|'; }

  void step() {
    const char c = text_[position_++];
    if (c == '\\') return escaped();
    if (quote_ != 0) return quoted_character(c);
    if (c == '\'' || c == '"') return begin_quote(c);
    if (c == '#' && !word_) return skip_comment();
    if (parts_commands(c)) return end_command();
    if (c == ' ' || c == '\t' || c == '\r') return end_word();
    add(c);
  }

  void escaped() {
    if (quote_ == '\'') return add('\\');
    if (position_ >= text_.size()) return;
    const char c = text_[position_++];
    if (c != '\n') add(c);
  }
  void quoted_character(char c) {
    if (c == quote_) {
      quote_ = 0;
    } else {
      add(c);
    }
  }
  void begin_quote(char c) {
    quote_ = c;
    if (!word_) word_.emplace();
  }
  void skip_comment() { position_ = std::min(text_.find('\n', position_), text_.size()); }
  void add(char c) {
    if (!word_) word_.emplace();
    *word_ += c;
  }
  void end_word() {
    if (word_) command_.push_back(std::move(*word_));
    word_.reset();
  }
  void end_command() {
    end_word();
    if (!command_.empty()) commands_.push_back(std::move(command_));
    command_.clear();
  }

  std::string_view text_;
  std::size_t position_ = 0;
  char quote_ = 0;
  std::optional<std::string> word_;
  std::vector<std::string> command_;
  Commands commands_;
};

bool is_lone_heredoc(const Instruction& run) {
  if (run.heredocs.size() != 1) return false;
  const auto words = dockerfile::split_words(run.args.front());
  return words.size() == 1 && dockerfile::find_heredoc_word(words.front());
}

/// `#!` names a shell: sh, bash, dash, ash, by any path or by env.
bool names_shell(std::string_view script) {
  const auto line = trim(script.substr(0, script.find('\n')));
  const auto program = line.substr(line.find_last_of("/ ") + 1);
  return program == "sh" || program == "bash" || program == "dash" || program == "ash";
}

bool is_continued(std::string_view line) {
  return line.ends_with('\\') || line.ends_with('|') || line.ends_with("&&");
}

}  // namespace

std::string shell_text(const Instruction& run) {
  if (run.form != Form::shell || run.args.empty()) return {};
  if (!is_lone_heredoc(run)) return run.heredocs.empty() ? run.args.front() : std::string();
  std::string script = document_text(run.heredocs.front());
  if (script.starts_with("#!") && !names_shell(script)) return {};
  return script;
}

Commands shell_commands(std::string_view text) { return ShellReader(text).read(); }

std::size_t statement_count(std::string_view text) {
  std::size_t count = 0;
  bool continued = false;
  for (const std::string& line : split(text, '\n')) {
    const auto visible = trim(line);
    if (visible.empty() || visible.starts_with('#')) continue;
    if (!continued) ++count;
    continued = is_continued(visible);
  }
  return count;
}

}  // namespace strata::plan
