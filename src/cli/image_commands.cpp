// `images`, `history`, `inspect`, `tag`, `rmi`.

#include "command.hpp"
#include "print.hpp"
#include "strata/base/error.hpp"
#include "strata/base/json.hpp"
#include "strata/base/text.hpp"
#include "strata/base/time.hpp"
#include "strata/container/container.hpp"
#include "strata/inspect/image_summary.hpp"

namespace strata::cli {

namespace {

constexpr std::size_t created_by_width = 45;

Format format_of(const Arguments& arguments) {
  return parse_format(arguments.text("format", "table"));
}

void add_format(Syntax& syntax) {
  add_value(syntax, "format", "table or json (one object a line)");
}

std::string age(const std::optional<Time>& created) {
  return created ? human_age(*created, now()) : "N/A";
}

std::string shown_id(const Digest& digest, bool whole) {
  return whole ? to_string(digest) : digest.short_hex();
}

void print_json(const inspect::ImageRow& row) {
  print_line(to_text(json::object{{"Repository", row.repository},
                                  {"Tag", row.tag},
                                  {"ID", to_string(row.id)},
                                  {"Digest", to_string(row.manifest)},
                                  {"CreatedAt", row.created ? rfc3339(*row.created) : ""},
                                  {"CreatedSince", age(row.created)},
                                  {"Size", human_size(row.size)},
                                  {"SizeBytes", row.size}}));
}

void print_json(const inspect::HistoryRow& row) {
  print_line(to_text(json::object{{"ID", row.image ? to_string(*row.image) : "<missing>"},
                                  {"CreatedAt", row.created ? rfc3339(*row.created) : ""},
                                  {"CreatedSince", age(row.created)},
                                  {"CreatedBy", row.created_by},
                                  {"Size", human_size(row.size)},
                                  {"SizeBytes", row.size},
                                  {"Layer", row.layer ? to_string(*row.layer) : ""},
                                  {"EmptyLayer", !row.layer},
                                  {"Comment", row.comment}}));
}

Table history_table(const std::vector<inspect::HistoryRow>& rows, bool whole) {
  Table table({"IMAGE", "CREATED", "CREATED BY", "SIZE", "COMMENT"});
  for (const inspect::HistoryRow& row : rows) {
    const std::string id = row.image ? shown_id(*row.image, whole) : "<missing>";
    const std::size_t width = whole ? row.created_by.size() : created_by_width;
    table.add(
        {id, age(row.created), one_line(row.created_by, width), human_size(row.size), row.comment});
  }
  return table;
}

Table images_table(const std::vector<inspect::ImageRow>& rows, bool whole) {
  Table table({"REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE"});
  for (const inspect::ImageRow& row : rows)
    table.add(
        {row.repository, row.tag, shown_id(row.id, whole), age(row.created), human_size(row.size)});
  return table;
}

/// The document of an image, else of a container, of this name.
std::string describe(const store::Store& store, const std::string& name) {
  if (const auto image = store.images().find(name)) return inspect::describe_image(store, *image);
  for (const container::Container& one : container::list(store))
    if (one.name == name || (name.size() >= 2 && one.id.starts_with(name)))
      return container::describe(store, one);
  store.images().at(name);  // says what is there instead
  fail(ErrorKind::not_found, "no image or container ", quoted(name));
}

}  // namespace

Syntax images_syntax() {
  Syntax syntax{"strata images [OPTIONS] [REPOSITORY[:TAG]]", "Lists images, newest first."};
  syntax.words_max = 1;
  add_format(syntax);
  add_switch(syntax, "quiet,q", "ids alone");
  add_switch(syntax, "no-trunc", "whole ids");
  add_switch(syntax, "all,a", "as Docker's: there are no hidden images here");
  return syntax;
}

int run_images(Session& session, const Arguments& arguments) {
  std::vector<inspect::ImageRow> rows = inspect::list_images(session.store());
  if (!arguments.words().empty()) {
    const std::string& wanted = arguments.words().front();
    std::erase_if(rows, [&](const inspect::ImageRow& row) {
      return row.repository != wanted && cat(row.repository, ':', row.tag) != wanted;
    });
  }
  const bool whole = arguments.is_set("no-trunc");
  if (arguments.is_set("quiet"))
    for (const inspect::ImageRow& row : rows) print_line(shown_id(row.id, whole));
  else if (format_of(arguments) == Format::json)
    for (const inspect::ImageRow& row : rows) print_json(row);
  else
    print(images_table(rows, whole).text());
  return 0;
}

Syntax history_syntax() {
  Syntax syntax{"strata history [OPTIONS] IMAGE",
                "Shows an image's layers, newest first: the instruction of each and its size."};
  syntax.words_min = syntax.words_max = 1;
  add_format(syntax);
  add_switch(syntax, "no-trunc", "whole ids and instructions");
  add_switch(syntax, "quiet,q", "ids alone");
  return syntax;
}

int run_history(Session& session, const Arguments& arguments) {
  const auto image = session.store().images().at(arguments.words().front());
  const auto rows = inspect::list_history(session.store(), image.image);
  const bool whole = arguments.is_set("no-trunc");
  if (arguments.is_set("quiet"))
    for (const auto& row : rows) print_line(row.image ? shown_id(*row.image, whole) : "<missing>");
  else if (format_of(arguments) == Format::json)
    for (const auto& row : rows) print_json(row);
  else
    print(history_table(rows, whole).text());
  return 0;
}

Syntax inspect_syntax() {
  Syntax syntax{"strata inspect NAME…",
                "Shows all that is known of images or containers, as a JSON array."};
  syntax.words_min = 1;
  syntax.words_max = any_number;
  add_value(syntax, "format", "json");
  add_switch(syntax, "manifest", "the stored manifest or index instead, byte for byte");
  return syntax;
}

int run_inspect(Session& session, const Arguments& arguments) {
  if (arguments.text("format", "json") != "json")
    fail(ErrorKind::usage, "--format: only json is there, found ",
         quoted(arguments.text("format")));
  if (arguments.is_set("manifest")) {
    for (const std::string& name : arguments.words())
      print_line(session.store().images().document(name));
    return 0;
  }
  json::array documents;
  for (const std::string& name : arguments.words())
    documents.push_back(parse_json(describe(session.store(), name), name));
  print_line(to_pretty_text(documents));
  return 0;
}

Syntax tag_syntax() {
  Syntax syntax{"strata tag IMAGE NAME[:TAG]", "Gives an image another name."};
  syntax.words_min = syntax.words_max = 2;
  return syntax;
}

int run_tag(Session& session, const Arguments& arguments) {
  const oci::Reference name = oci::parse_reference(arguments.words()[1]);
  session.store().images().tag(arguments.words()[0], name);
  return 0;
}

Syntax rmi_syntax() {
  Syntax syntax{"strata rmi [OPTIONS] IMAGE…",
                "Removes images or their names. Layers that the cache still knows stay until\n"
                "`strata system prune`."};
  syntax.words_min = 1;
  syntax.words_max = any_number;
  add_switch(syntax, "force,f", "remove an image by its id although it has several names");
  return syntax;
}

int run_rmi(Session& session, const Arguments& arguments) {
  const auto force =
      arguments.is_set("force") ? store::Images::Force::yes : store::Images::Force::no;
  for (const std::string& name : arguments.words()) {
    const auto image = session.store().images().at(name);
    for (const container::Container& one : container::list(session.store()))
      if (one.image == image.image.descriptor.digest && force == store::Images::Force::no &&
          image.names.size() <= 1)
        fail(ErrorKind::usage, "image ", quoted(name), " is used by container ", one.name,
             "; remove that first (strata rm ", one.name, ") or use --force");
    const store::Removal removal = session.store().images().remove(name, force);
    for (const std::string& untagged : removal.untagged) print_line(cat("Untagged: ", untagged));
    for (const Digest& id : removal.deleted) print_line(cat("Deleted: ", id));
  }
  return 0;
}

}  // namespace strata::cli
