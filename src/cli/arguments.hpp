#pragma once
/// One command's command line: options by Boost.Program_options, positional words, and errors that
/// say how the command is to be called.

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>
#include <optional>
#include <string>
#include <vector>

namespace strata::cli {

namespace po = boost::program_options;
using Words = std::vector<std::string>;

/// How a command's words are to be read.
struct Syntax {
  std::string usage;    ///< "strata tag SOURCE TARGET"
  std::string summary;  ///< one sentence
  po::options_description options{"Options"};
  /// Positional words: how few and how many.
  std::size_t words_min = 0;
  std::size_t words_max = 0;
  /// The first positional word ends the options: what follows belongs to somebody else
  /// (`strata run IMAGE COMMAND…`).
  bool first_word_ends_options = false;
};

inline constexpr std::size_t any_number = static_cast<std::size_t>(-1);

/// The words after the command's name, read.
class Arguments {
 public:
  /// Throws Error usage. Throws HelpRequested if --help is among them.
  Arguments(const Syntax& syntax, const Words& words);

  bool has(const std::string& option) const { return values_.count(option) > 0; }
  /// A switch's state.
  bool is_set(const std::string& option) const;
  std::string text(const std::string& option, const std::string& otherwise = {}) const;
  /// Values of an option that may be given many times.
  Words texts(const std::string& option) const;
  const Words& words() const { return words_; }

 private:
  po::variables_map values_;
  Words words_;
};

/// Not an error: the user asked how a command is to be called.
struct HelpRequested {
  std::string text;
};

/// Adds an option with one value, with a value that may come many times, and a switch. `name` is
/// "long" or "long,s".
void add_value(Syntax& syntax, const char* name, const char* meaning);
void add_values(Syntax& syntax, const char* name, const char* meaning);
void add_switch(Syntax& syntax, const char* name, const char* meaning);

/// "K=V" cut at the first equals sign; nothing behind it if there is none.
struct KeyValue {
  std::string key;
  std::optional<std::string> value;
};
KeyValue split_key_value(const std::string& text);

}  // namespace strata::cli
