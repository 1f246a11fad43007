#include "strata/cli/run.hpp"

#include <csignal>
#include <cstdio>
#include <exception>
#include <iterator>

#include "command.hpp"
#include "print.hpp"
#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

namespace strata::cli {

namespace {

std::string general_help() {
  std::string text =
      "Usage: strata [--root DIR] COMMAND [OPTIONS]\n\n"
      "Builds images from Dockerfiles, layer by layer, without a daemon.\n\nCommands:\n";
  for (const Command& command : commands()) {
    if (command.alias) continue;
    text +=
        cat("  ", command.name, std::string(16 - command.name.size(), ' '), command.summary, '\n');
  }
  return text +
         "\n--root DIR is the store: else $STRATA_ROOT, /var/lib/strata for root, or\n"
         "~/.local/share/strata. `strata COMMAND --help` tells more.\n";
}

/// What stands before the command's name.
struct GlobalOptions {
  std::string root;
  Words rest;
};

GlobalOptions take_global_options(Words words) {
  GlobalOptions options;
  std::size_t next = 0;
  for (; next < words.size() && words[next].starts_with("-"); ++next) {
    const std::string& word = words[next];
    if (word == "--help" || word == "-h") throw HelpRequested{general_help()};
    if (word == "--version") {
      words[next] = "version";
      break;
    }
    if (word.starts_with("--root="))
      options.root = word.substr(7);
    else if (word == "--root" && next + 1 < words.size())
      options.root = words[++next];
    else
      fail(ErrorKind::usage, "unknown option ", quoted(word),
           " (strata --help lists what there is)");
  }
  options.rest.assign(std::make_move_iterator(words.begin() + static_cast<std::ptrdiff_t>(next)),
                      std::make_move_iterator(words.end()));
  return options;
}

[[noreturn]] void fail_unknown_command(const Words& words) {
  std::vector<std::string> names;
  for (const Command& command : commands())
    if (!command.alias) names.emplace_back(command.name);
  const auto near = nearest_word(words.front(), names);
  fail(ErrorKind::usage, "unknown command ", quoted(words.front()),
       near ? cat(", did you mean \"", *near, "\"?") : "", " (strata --help lists them)");
}

/// Takes the command's name, one word or two, off the front of `words`.
const Command& take_command(Words& words) {
  if (words.empty()) throw HelpRequested{general_help()};
  const std::string pair = words.size() > 1 ? cat(words[0], ' ', words[1]) : words[0];
  for (const Command& command : commands()) {
    if (command.name != pair && command.name != words.front()) continue;
    words.erase(words.begin(), words.begin() + (command.name == words.front() ? 1 : 2));
    return command;
  }
  fail_unknown_command(words);
}

int run_words(Words words) {
  GlobalOptions options = take_global_options(std::move(words));
  const Command& command = take_command(options.rest);
  Session session(std::move(options.root));
  const int status = command.run(session, Arguments(command.syntax(), options.rest));
  flush_output();
  return status;
}

}  // namespace

int run(int argc, const char* const* argv) {
  // A reader that goes away is told by write(2), not by death: work in progress must be undone.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return run_words(Words(argv + 1, argv + argc));
  } catch (const HelpRequested& help) {
    std::fputs(help.text.c_str(), stdout);
    return 0;
  } catch (const Error& error) {
    print_error(error.what());
    return exit_code(error.kind());
  } catch (const std::exception& error) {
    print_error(error.what());
    return exit_code(ErrorKind::system);
  }
}

}  // namespace strata::cli
