// `pull`, `push`, `login`, `logout`.

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <iostream>

#include "command.hpp"
#include "interrupts.hpp"
#include "print.hpp"
#include "progress.hpp"
#include "registry_access.hpp"
#include "strata/base/error.hpp"
#include "strata/base/fd.hpp"
#include "strata/base/stop.hpp"
#include "strata/base/text.hpp"
#include "strata/registry/pull.hpp"
#include "strata/registry/push.hpp"
#include "transfer_progress.hpp"

namespace strata::cli {

namespace {

constexpr std::size_t password_size_max = 1u << 20;

void add_transfer_options(Syntax& syntax) {
  add_value(syntax, "progress", "auto, tty, plain, json or quiet");
  add_switch(syntax, "quiet,q", "print the name and digest alone");
  add_registry_options(syntax);
}

std::unique_ptr<build::Observer> make_shown(const Arguments& arguments) {
  const std::string mode = arguments.is_set("quiet") ? "quiet" : arguments.text("progress", "auto");
  return make_progress(mode, Reasons::first);
}

void print_pinned(const oci::Reference& name, const Digest& digest) {
  print_line(cat(oci::familiar_repository(name), '@', digest));
}

/// The terminal without echo, as long as it lives.
class HiddenInput {
 public:
  HiddenInput() {
    tcgetattr(STDIN_FILENO, &before_);
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
  }
  ~HiddenInput() { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }
  HiddenInput(const HiddenInput&) = delete;
  HiddenInput& operator=(const HiddenInput&) = delete;

 private:
  termios before_{};
};

void say_question(const std::string& what) { std::cerr << what << ": " << std::flush; }

std::string ask(const std::string& what) {
  say_question(what);
  std::string line;
  std::getline(std::cin, line);
  return line;
}

/// A line of the terminal, which gives no part of one. A stop ends the waiting, so that whoever
/// presses ^C has his echo back.
std::string read_terminal_line(const std::stop_token& stop) {
  constexpr int look_up_ms = 50;
  std::array<char, 4096> line;  // the most that a terminal takes (termios(3), MAX_CANON)
  pollfd terminal{STDIN_FILENO, POLLIN, 0};
  while (poll(&terminal, 1, look_up_ms) <= 0) throw_if_stopped(stop);
  const ssize_t size = read(STDIN_FILENO, line.data(), line.size());
  throw_if_stopped(stop);
  return std::string(trim(std::string_view(line.data(), size > 0 ? size : 0), "\r\n"));
}

std::string read_password(const Arguments& arguments) {
  if (arguments.is_set("password-stdin")) {
    const std::string text = read_all(STDIN_FILENO, password_size_max, "password");
    return std::string(trim(text, "\r\n"));
  }
  if (isatty(STDIN_FILENO) != 1)
    fail(ErrorKind::usage, "standard input is no terminal to ask for a password on; ",
         "give it there with --password-stdin");
  const Interrupts interrupts;
  const HiddenInput hidden;
  say_question("Password");
  const std::string password = read_terminal_line(interrupts.token());
  std::cerr << '\n';
  return password;
}

std::string read_user(const Arguments& arguments) {
  if (arguments.has("username")) return arguments.text("username");
  if (arguments.is_set("password-stdin") || isatty(STDIN_FILENO) != 1)
    fail(ErrorKind::usage, "--username is missing");
  return ask("Username");
}

std::string registry_of(const Arguments& arguments) {
  return parse_registry_host(arguments.words().empty() ? "" : arguments.words().front());
}

}  // namespace

Syntax pull_syntax() {
  Syntax syntax{"strata pull [OPTIONS] NAME[:TAG|@DIGEST]",
                "Fetches an image from its registry, as far as it is not here."};
  syntax.words_min = syntax.words_max = 1;
  add_value(syntax, "platform", "which image of several (default: this machine's)");
  add_transfer_options(syntax);
  return syntax;
}

int run_pull(Session& session, const Arguments& arguments) {
  const oci::Reference name = oci::parse_reference(arguments.words().front());
  const oci::Platform platform = arguments.has("platform")
                                     ? oci::parse_platform(arguments.text("platform"))
                                     : oci::host_platform();
  RegistryAccess access(read_registry_request(arguments));
  TransferProgress progress(make_shown(arguments), Direction::pull);
  const Interrupts interrupts;
  const registry::Pulled pulled = registry::pull(access.registries(), session.store(), name,
                                                 platform, progress, interrupts.token());
  for (const oci::Reference& replaced : pulled.replaced)
    progress.on_event(registry::TransferNotice{
        cat("note: ", oci::familiar_name(replaced), " was the name of another image")});
  print_pinned(name, pulled.digest);
  return 0;
}

Syntax push_syntax() {
  Syntax syntax{"strata push [OPTIONS] NAME[:TAG]",
                "Sends an image to the registry that its name begins with."};
  syntax.words_min = syntax.words_max = 1;
  add_transfer_options(syntax);
  return syntax;
}

int run_push(Session& session, const Arguments& arguments) {
  const std::string& word = arguments.words().front();
  const oci::Reference name = oci::parse_reference(word);
  const store::Images& images = session.store().images();
  const oci::Image image = images.at(oci::familiar_name(name)).image;
  const auto index = images.find_index(oci::familiar_name(name));
  RegistryAccess access(read_registry_request(arguments));
  TransferProgress progress(make_shown(arguments), Direction::push);
  const Interrupts interrupts;
  if (index)
    registry::push(access.registries(), session.store(), *index, name, progress,
                   interrupts.token());
  else
    registry::push(access.registries(), session.store(), image, name, progress, interrupts.token());
  print_pinned(name, index ? index->descriptor.digest : image.descriptor.digest);
  return 0;
}

Syntax login_syntax() {
  Syntax syntax{"strata login [OPTIONS] [HOST]",
                "Asks a registry whether it knows you, and remembers the credentials where Docker\n"
                "does. HOST is docker.io if not said."};
  syntax.words_max = 1;
  add_value(syntax, "username,u", "who you are there");
  add_switch(syntax, "password-stdin", "read the password from standard input");
  add_registry_options(syntax);
  return syntax;
}

int run_login(Session&, const Arguments& arguments) {
  const std::string host = registry_of(arguments);
  registry::Credentials credentials;
  credentials.user = read_user(arguments);
  credentials.secret = read_password(arguments);
  if (credentials.user.empty() || credentials.secret.empty() ||
      credentials.user.find(':') != std::string::npos)
    fail(ErrorKind::usage, "expected a user, without a colon in it, and a password");
  RegistryAccess access(read_registry_request(arguments));
  const Interrupts interrupts;
  access.registries().try_credentials(host, credentials, interrupts.token());
  const std::string place = access.keyring().put(host, credentials);
  print_note(cat("the password for ", host, " is kept in ", place));
  print_line("Login Succeeded");
  return 0;
}

Syntax logout_syntax() {
  Syntax syntax{"strata logout [HOST]", "Forgets the credentials for a registry."};
  syntax.words_max = 1;
  return syntax;
}

int run_logout(Session&, const Arguments& arguments) {
  const std::string host = registry_of(arguments);
  const RegistryAccess access({});
  const bool is_removed = access.keyring().remove(host);
  print_line(cat(is_removed ? "Removed login credentials for " : "Not logged in to ", host));
  return 0;
}

}  // namespace strata::cli
