// `run`, `ps`, `diff`, `rm`.

#include <array>

#include "command.hpp"
#include "interrupts.hpp"
#include "print.hpp"
#include "strata/base/error.hpp"
#include "strata/base/json.hpp"
#include "strata/base/text.hpp"
#include "strata/container/container.hpp"
#include "strata/inspect/image_summary.hpp"

namespace strata::cli {

namespace {

/// "HOST:TARGET[:ro|rw]".
container::Wishes::Volume parse_volume(const std::string& text) {
  const std::vector<std::string> parts = split(text, ':');
  const bool valid = (parts.size() == 2 || parts.size() == 3) && parts[0].starts_with('/') &&
                     parts[1].starts_with('/');
  if (!valid || (parts.size() == 3 && parts[2] != "ro" && parts[2] != "rw"))
    fail(ErrorKind::usage, "-v: expected /HOST/PATH:/CONTAINER/PATH[:ro|rw], found ", quoted(text));
  return {parts[0], parts[1], parts.size() == 3 && parts[2] == "ro"};
}

sandbox::Network parse_network(const std::string& text) {
  if (text == "host" || text == "default") return sandbox::Network::host;
  if (text == "none") return sandbox::Network::none;
  fail(ErrorKind::usage, "--network: expected default, none or host, found ", quoted(text));
}

/// -e NAME takes the value from the environment, and is nothing if there is none.
std::vector<std::string> read_environment(const Words& words) {
  std::vector<std::string> env;
  for (const std::string& word : words) {
    auto [name, value] = split_key_value(word);
    if (name.empty()) fail(ErrorKind::usage, "-e: expected NAME=VALUE, found ", quoted(word));
    if (!value) value = find_variable(name.c_str());
    if (value) env.push_back(cat(name, '=', *value));
  }
  return env;
}

container::Wishes read_wishes(const Arguments& arguments) {
  container::Wishes wishes;
  wishes.name = arguments.text("name");
  wishes.command.assign(arguments.words().begin() + 1, arguments.words().end());
  if (arguments.has("entrypoint")) {
    const std::string entrypoint = arguments.text("entrypoint");
    wishes.entrypoint = entrypoint.empty() ? Words{} : Words{entrypoint};
  }
  wishes.env = read_environment(arguments.texts("env"));
  wishes.user = arguments.text("user");
  wishes.working_dir = arguments.text("workdir");
  wishes.hostname = arguments.text("hostname");
  wishes.tty = arguments.is_set("tty");
  wishes.network = parse_network(arguments.text("network", "default"));
  for (const std::string& text : arguments.texts("volume"))
    wishes.volumes.push_back(parse_volume(text));
  return wishes;
}

std::string status_of(const container::Container& one) {
  if (one.state == container::State::running)
    return cat("Up ", one.started ? human_age(*one.started, now()) : "");
  if (one.state == container::State::created) return "Created";
  return cat("Exited (", one.exit_code ? cat(*one.exit_code) : "killed", ") ",
             one.finished ? human_age(*one.finished, now()) : "");
}

/// Docker's SIZE: what the container wrote, and with what it stands on.
std::string size_of(const store::Store& store, const container::Container& one) {
  const std::uint64_t own = container::writable_size(one);
  const auto image = store.images().find(to_string(one.image));
  const std::uint64_t below = image ? inspect::image_size(store, image->image) : 0;
  return cat(human_size(own), " (virtual ", human_size(own + below), ")");
}

void print_json(const store::Store& store, const container::Container& one) {
  print_line(to_text(json::object{{"ID", one.id},
                                  {"Names", one.name},
                                  {"Image", one.image_name},
                                  {"Command", join(one.command, " ")},
                                  {"CreatedAt", rfc3339(one.created)},
                                  {"State", to_string(one.state)},
                                  {"Status", status_of(one)},
                                  {"Size", size_of(store, one)},
                                  {"SizeBytes", container::writable_size(one)}}));
}

Table containers_table(const store::Store& store, const std::vector<container::Container>& rows,
                       bool sizes) {
  std::vector<std::string> headings{"CONTAINER ID", "IMAGE",  "COMMAND",
                                    "CREATED",      "STATUS", "NAMES"};
  if (sizes) headings.emplace_back("SIZE");
  Table table(headings);
  for (const container::Container& one : rows) {
    std::vector<std::string> cells{
        one.id.substr(0, 12),          one.image_name, quoted(one_line(join(one.command, " "), 20)),
        human_age(one.created, now()), status_of(one), one.name};
    if (sizes) cells.push_back(size_of(store, one));
    table.add(std::move(cells));
  }
  return table;
}

constexpr char kind_letter(container::Change::Kind kind) {
  constexpr std::array letters{'A', 'C', 'D'};
  return letters[static_cast<std::size_t>(kind)];
}

}  // namespace

Syntax run_syntax() {
  Syntax syntax{
      "strata run [OPTIONS] IMAGE [COMMAND [ARGUMENT…]]",
      "Runs a command in a new container: the image's layers read-only below, one private\n"
      "writable layer on top."};
  syntax.words_min = 1;
  syntax.words_max = any_number;
  syntax.first_word_ends_options = true;
  add_switch(syntax, "rm", "remove the container when it ends");
  add_switch(syntax, "interactive,i", "pass standard input in");
  add_switch(syntax, "tty,t", "give it a terminal");
  add_value(syntax, "name", "the container's name");
  add_values(syntax, "env,e", "NAME=VALUE, or NAME from the environment");
  add_value(syntax, "user,u", "user[:group] by name or number");
  add_value(syntax, "workdir,w", "the working directory");
  add_value(syntax, "hostname", "the host name inside");
  add_value(syntax, "entrypoint", "the program, in place of the image's ENTRYPOINT");
  add_values(syntax, "volume,v", "/HOST/PATH:/CONTAINER/PATH[:ro]");
  add_value(syntax, "network", "default, none or host");
  return syntax;
}

int run_run(Session& session, const Arguments& arguments) {
  store::Store& store = session.store();
  const std::string& image_name = arguments.words().front();
  const auto image = store.images().at(image_name);
  const auto created = container::create(store, image, image_name, read_wishes(arguments));
  const Interrupts interrupts;
  const bool interactive = arguments.is_set("interactive");
  const bool remove = arguments.is_set("rm");
  try {
    const auto status =
        container::run(store, session.sandbox(), created, interactive, interrupts.token());
    if (remove) container::remove(store, created);
    return status.code;
  } catch (const Error&) {
    if (remove) container::remove(store, created);
    throw;
  }
}

Syntax ps_syntax() {
  Syntax syntax{"strata ps [OPTIONS]", "Lists containers, newest first."};
  add_switch(syntax, "all,a", "also those that do not run");
  add_switch(syntax, "size,s", "the size of each writable layer");
  add_switch(syntax, "quiet,q", "ids alone");
  add_value(syntax, "format", "table or json");
  return syntax;
}

int run_ps(Session& session, const Arguments& arguments) {
  const store::Store& store = session.store();
  auto rows = container::list(store);
  if (!arguments.is_set("all"))
    std::erase_if(rows, [](const auto& one) { return one.state != container::State::running; });
  if (arguments.is_set("quiet"))
    for (const auto& one : rows) print_line(one.id.substr(0, 12));
  else if (parse_format(arguments.text("format", "table")) == Format::json)
    for (const auto& one : rows) print_json(store, one);
  else
    print(containers_table(store, rows, arguments.is_set("size")).text());
  return 0;
}

Syntax diff_syntax() {
  Syntax syntax{"strata diff CONTAINER",
                "Shows what a container's writable layer added (A), changed (C) and deleted (D)."};
  syntax.words_min = syntax.words_max = 1;
  add_value(syntax, "format", "table or json");
  return syntax;
}

int run_diff(Session& session, const Arguments& arguments) {
  store::Store& store = session.store();
  const auto one = container::at(store, arguments.words().front());
  const Format format = parse_format(arguments.text("format", "table"));
  for (const container::Change& change : container::changes(store, one)) {
    const std::string kind(1, kind_letter(change.kind));
    if (format == Format::json)
      print_line(to_text(json::object{{"Kind", kind}, {"Path", change.path}}));
    else
      print_line(cat(kind, ' ', change.path));
  }
  return 0;
}

Syntax rm_syntax() {
  Syntax syntax{"strata rm CONTAINER…", "Removes containers and what they wrote."};
  syntax.words_min = 1;
  syntax.words_max = any_number;
  return syntax;
}

int run_rm(Session& session, const Arguments& arguments) {
  for (const std::string& name : arguments.words()) {
    container::remove(session.store(), container::at(session.store(), name));
    print_line(name);
  }
  return 0;
}

}  // namespace strata::cli
