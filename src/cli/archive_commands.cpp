// `save`, `load`, `import`: images between the store and files.

#include <unistd.h>

#include <boost/filesystem/path.hpp>

#include "command.hpp"
#include "print.hpp"
#include "strata/base/error.hpp"
#include "strata/base/host_path.hpp"
#include "strata/base/io.hpp"
#include "strata/base/text.hpp"
#include "strata/input/import.hpp"
#include "strata/input/load.hpp"
#include "strata/output/write.hpp"

namespace strata::cli {

namespace {

constexpr const char* standard_input = "-";

std::vector<oci::Reference> parse_names(const Words& words) {
  std::vector<oci::Reference> names;
  for (const std::string& word : words) names.push_back(oci::parse_reference(word));
  return names;
}

void tell_loaded(const input::LoadedImage& loaded) {
  for (const oci::Reference& name : loaded.replaced)
    print_note(cat("note: ", oci::familiar_name(name), " was the name of another image"));
  for (const oci::Reference& name : loaded.names)
    print_line(cat("Loaded image: ", oci::familiar_name(name)));
  if (loaded.names.empty()) print_line(cat("Loaded image ID: ", loaded.image.id()));
}

output::OutputType parse_archive_format(const std::string& text) {
  if (text == "oci") return output::OutputType::oci;
  if (text == "docker") return output::OutputType::docker;
  fail(ErrorKind::usage, "--format: expected oci or docker, found ", quoted(text));
}

/// Asked for by one of its names, an image leaves under that name alone; by id, under all.
std::vector<oci::Reference> names_to_save(Session& session, const std::string& word) {
  const auto names = session.store().images().at(word).names;
  for (const oci::Reference& name : names)
    if (oci::familiar_name(name) == word || oci::canonical_name(name) == word ||
        oci::familiar_name(name) == word + ":latest")
      return {name};
  return names;
}

}  // namespace

Syntax save_syntax() {
  Syntax syntax{"strata save [OPTIONS] IMAGE…",
                "Writes images to an archive that other tools read."};
  syntax.words_min = 1;
  syntax.words_max = any_number;
  add_value(syntax, "output,o", "the file (default: standard output)");
  add_value(syntax, "format", "oci or docker (default: oci)");
  return syntax;
}

int run_save(Session& session, const Arguments& arguments) {
  output::OutputSpec spec;
  spec.type = parse_archive_format(arguments.text("format", "oci"));
  spec.destination = arguments.text("output", "-");
  if (arguments.words().size() == 1 && spec.type == output::OutputType::oci) {
    const std::string& word = arguments.words().front();
    if (const auto index = session.store().images().find_index(word)) {
      output::write_output(session.store(), *index, names_to_save(session, word), spec);
      return 0;
    }
  }
  std::vector<store::NamedImage> images;
  for (const std::string& word : arguments.words()) {
    store::NamedImage image = session.store().images().at(word);
    image.names = names_to_save(session, word);
    if (session.store().images().find_index(word))
      print_note(cat("note: ", word, " is for several platforms; ",
                     to_string(image.image.config.platform),
                     " alone is saved: by itself and in the oci form it is saved for all"));
    images.push_back(std::move(image));
  }
  output::write_output(session.store(), images, spec);
  return 0;
}

Syntax load_syntax() {
  Syntax syntax{"strata load [OPTIONS]",
                "Reads images from an OCI or docker archive, or from an OCI layout directory."};
  syntax.words_max = 1;
  add_value(syntax, "input,i", "the archive or directory (default: standard input)");
  add_values(syntax, "tag,t", "a name for the image, in place of the archive's");
  add_switch(syntax, "quiet,q", "as Docker's: there is no progress to leave out");
  return syntax;
}

int run_load(Session& session, const Arguments& arguments) {
  input::LoadOptions options;
  options.names = parse_names(arguments.texts("tag"));
  const std::string path =
      arguments.words().empty() ? arguments.text("input", "-") : arguments.words().front();
  FdSource input(STDIN_FILENO);
  const auto loaded = path == standard_input
                          ? input::load_archive(session.store(), input, "standard input", options)
                          : input::load(session.store(), path, options);
  for (const input::LoadedImage& image : loaded) tell_loaded(image);
  return 0;
}

Syntax import_syntax() {
  Syntax syntax{"strata import [OPTIONS] ROOTFS.tar|- NAME[:TAG]",
                "Makes an image of one layer from a root file system in a tar archive."};
  syntax.words_min = 1;
  syntax.words_max = 2;
  add_value(syntax, "message,m", "a remark for the image's history");
  add_value(syntax, "platform", "what the root file system runs on (default: this machine)");
  return syntax;
}

int run_import(Session& session, const Arguments& arguments) {
  const std::string& path = arguments.words().front();
  input::ImportOptions options;
  options.message = arguments.text("message");
  options.origin =
      path == standard_input ? path : boost::filesystem::path(path).filename().string();
  options.created = Session::epoch();
  options.latest_mtime = options.created;
  if (arguments.has("platform")) options.platform = oci::parse_platform(arguments.text("platform"));
  const Fd file = open_host_input(path);
  FdSource source(file.get());
  const Words names(arguments.words().begin() + 1, arguments.words().end());
  const auto loaded =
      input::import_rootfs(session.store(), source, parse_names(names), options, session.pool());
  print_line(to_string(loaded.image.id()));
  return 0;
}

}  // namespace strata::cli
