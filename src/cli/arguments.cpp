#include "arguments.hpp"

#include <boost/program_options/errors.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <sstream>

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

namespace strata::cli {

namespace {

constexpr const char* words_option = "word";

std::string help_text(const Syntax& syntax) {
  std::ostringstream options;
  options << syntax.options;
  return cat("Usage: ", syntax.usage, "\n\n", syntax.summary, "\n\n", options.str());
}

[[noreturn]] void fail_usage(const Syntax& syntax, const std::string& what) {
  fail(ErrorKind::usage, what, "\nusage: ", syntax.usage, "\n(--help lists the options)");
}

/// A parser that Boost asks before its own: once a word stands where an option could, it takes that
/// word and all behind it as positional.
std::vector<po::option> take_all_words(std::vector<std::string>& rest) {
  std::vector<po::option> taken;
  const bool is_option = rest.front().size() > 1 && rest.front().front() == '-';
  if (is_option) return taken;
  for (const std::string& word : rest) {
    po::option option;
    option.string_key = words_option;
    option.value = {word};
    option.original_tokens = {word};
    taken.push_back(option);
  }
  rest.clear();
  return taken;
}

po::parsed_options parse(const Syntax& syntax, const po::options_description& options,
                         const Words& words) {
  po::positional_options_description positional;
  positional.add(words_option, -1);
  po::command_line_parser parser(words);
  parser.options(options).positional(positional);
  parser.style(po::command_line_style::unix_style & ~po::command_line_style::allow_guessing);
  if (syntax.first_word_ends_options) parser.extra_style_parser(take_all_words);
  return parser.run();
}

}  // namespace

Arguments::Arguments(const Syntax& syntax, const Words& words) {
  po::options_description options;
  options.add(syntax.options);
  options.add_options()("help,h", po::bool_switch());
  options.add_options()(words_option, po::value<Words>()->composing());
  try {
    po::store(parse(syntax, options, words), values_);
    po::notify(values_);
  } catch (const po::error& error) {
    fail_usage(syntax, error.what());
  }
  if (is_set("help")) throw HelpRequested{help_text(syntax)};
  words_ = texts(words_option);
  if (words_.size() < syntax.words_min) fail_usage(syntax, "an argument is missing");
  if (words_.size() > syntax.words_max)
    fail_usage(syntax, cat("unexpected argument ", quoted(words_[syntax.words_max])));
}

bool Arguments::is_set(const std::string& option) const {
  const auto found = values_.find(option);
  return found != values_.end() && found->second.as<bool>();
}

std::string Arguments::text(const std::string& option, const std::string& otherwise) const {
  const auto found = values_.find(option);
  return found == values_.end() ? otherwise : found->second.as<std::string>();
}

Words Arguments::texts(const std::string& option) const {
  const auto found = values_.find(option);
  return found == values_.end() ? Words() : found->second.as<Words>();
}

void add_value(Syntax& syntax, const char* name, const char* meaning) {
  syntax.options.add_options()(name, po::value<std::string>()->value_name("arg"), meaning);
}

void add_values(Syntax& syntax, const char* name, const char* meaning) {
  syntax.options.add_options()(name, po::value<Words>()->composing()->value_name("arg"), meaning);
}

void add_switch(Syntax& syntax, const char* name, const char* meaning) {
  syntax.options.add_options()(name, po::bool_switch(), meaning);
}

KeyValue split_key_value(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) return {text, std::nullopt};
  return {text.substr(0, equals), text.substr(equals + 1)};
}

}  // namespace strata::cli
