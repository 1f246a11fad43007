#include "strata/output/spec.hpp"

#include <algorithm>
#include <array>

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

namespace strata::output {

namespace {

constexpr std::array types{OutputType::oci, OutputType::docker, OutputType::tar, OutputType::local,
                           OutputType::registry};

/// Options and types of other builders that people will try; they say something that we would
/// otherwise do differently, so they are refused.
constexpr std::array<std::string_view, 12> unsupported_keys{
    "push",           "compression",       "compression-level",    "force-compression",
    "oci-mediatypes", "rewrite-timestamp", "platform-split",       "unpack",
    "store",          "registry.insecure", "dangling-name-prefix", "annotation"};
constexpr std::array<std::string_view, 2> unsupported_types{"image", "cacheonly"};

template <class Words>
bool contains(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string suggestion(std::string_view word, const std::vector<std::string>& known) {
  const auto near = nearest_word(word, known);
  return near ? cat("; did you mean ", *near, "?") : "";
}

OutputType parse_type(const std::string& text) {
  std::vector<std::string> names;
  for (const OutputType type : types) {
    if (to_string(type) == text) return type;
    names.push_back(to_string(type));
  }
  if (contains(unsupported_types, text)) {
    fail(ErrorKind::usage, "-o type=", text, " is not supported yet; there are ",
         join(names, ", "));
  }
  fail(ErrorKind::usage, "-o: there is no type ", quoted(text), suggestion(text, names),
       "; the types are ", join(names, ", "));
}

bool parse_boolean(const std::string& key, const std::string& text) {
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  fail(ErrorKind::usage, "-o ", key, "=", text, " is neither true nor false");
}

void apply_field(OutputSpec& spec, const std::string& field) {
  const auto equals = field.find('=');
  const std::string key = to_lower(trim(std::string_view(field).substr(0, equals)));
  if (equals == std::string::npos) {
    fail(ErrorKind::usage, "-o: ", quoted(field), " is not of the form option=value");
  }
  const std::string value = field.substr(equals + 1);
  if (key == "type") {
    spec.type = parse_type(value);
  } else if (key == "dest") {
    spec.destination = value;
  } else if (key == "tar") {
    spec.as_directory = !parse_boolean(key, value);
  } else if (key == "name") {
    for (const std::string& name : split(value, ',')) {
      spec.names.push_back(oci::parse_reference(name));
    }
  } else if (contains(unsupported_keys, key) || key.starts_with("annotation")) {
    fail(ErrorKind::usage, "-o ", key, "=… is not supported yet");
  } else {
    fail(ErrorKind::usage, "-o: there is no option ", quoted(key),
         suggestion(key, {"type", "dest", "tar", "name"}),
         "; the options are type, dest, tar and name");
  }
}

/// Combinations that say two things at once.
void check(const OutputSpec& spec) {
  const std::string type = to_string(spec.type);
  if (spec.type == OutputType::registry) {
    if (!spec.destination.empty() || spec.as_directory)
      fail(ErrorKind::usage, "-o type=registry goes where its name says: it takes name=… alone");
    return;
  }
  if (spec.destination.empty()) {
    fail(ErrorKind::usage, "-o type=", type, " needs dest=PATH",
         spec.type == OutputType::local ? "" : ", or dest=- for standard output");
  }
  if (spec.as_directory && spec.type != OutputType::oci && spec.type != OutputType::local) {
    fail(ErrorKind::usage, "-o type=", type, ",tar=false: only type=oci can be a directory");
  }
  if (spec.as_directory && spec.to_standard_output()) {
    fail(ErrorKind::usage, "-o type=", type, ": a directory cannot go to standard output");
  }
  if (!spec.names.empty() && spec.type != OutputType::oci && spec.type != OutputType::docker) {
    fail(ErrorKind::usage, "-o type=", type, ": a root file system has no name");
  }
}

}  // namespace

std::string to_string(OutputType type) {
  switch (type) {
    case OutputType::oci:
      return "oci";
    case OutputType::docker:
      return "docker";
    case OutputType::tar:
      return "tar";
    case OutputType::local:
      return "local";
    case OutputType::registry:
      return "registry";
  }
  return "oci";
}

OutputSpec parse_output(std::string_view text) {
  const auto split = split_fields(text);
  if (!split) fail(ErrorKind::usage, "-o ", text, ": a quote is not closed");
  const std::vector<std::string>& fields = *split;
  OutputSpec spec;
  if (fields.size() == 1 && fields[0].find('=') == std::string::npos) {
    spec.type = fields[0] == "-" ? OutputType::tar : OutputType::local;
    spec.destination = fields[0];
  } else {
    const auto has_type = [](const std::string& field) { return field.starts_with("type="); };
    if (std::none_of(fields.begin(), fields.end(), has_type)) {
      fail(ErrorKind::usage, "-o ", text, ": type=… is missing");
    }
    for (const std::string& field : fields) apply_field(spec, field);
  }
  if (spec.type == OutputType::local) spec.as_directory = true;
  check(spec);
  return spec;
}

}  // namespace strata::output
