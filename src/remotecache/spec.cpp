#include "strata/remotecache/spec.hpp"

#include <algorithm>
#include <array>

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

namespace strata::remotecache {

namespace {

/// Leaves room for what stands behind it in the tags of artifacts, of 128 characters at most.
constexpr std::size_t tag_size_max = 48;

struct TypeName {
  std::string_view name;
  PlaceType type;
};
constexpr std::array types{TypeName{"registry", PlaceType::registry},
                           TypeName{"local", PlaceType::local},
                           TypeName{"inline", PlaceType::inlined}};

/// Options of other builders that say what is so here anyway, and the value that says it.
struct Moot {
  std::string_view key;
  std::string_view value;
};
constexpr std::array moot{Moot{"ignore-error", "true"}, Moot{"image-manifest", "true"},
                          Moot{"oci-mediatypes", "true"}, Moot{"compression", "gzip"},
                          Moot{"force-compression", "false"}};

/// One option's value on its way to a spec.
class Reader {
 public:
  Reader(const char* option, std::string_view text, const char* directory_key)
      : option_(option), text_(text), directory_key_(directory_key) {}

  ExportSpec read(bool is_export) {
    const auto fields = split_fields(text_);
    if (!fields) fail(ErrorKind::usage, option_, " ", text_, ": a quote is not closed");
    is_export_ = is_export;
    if (fields->size() == 1 && fields->front().find('=') == std::string::npos)
      read_repository(fields->front());
    else
      for (const std::string& field : *fields) read_field(field);
    check();
    return std::move(spec_);
  }

 private:
  std::vector<std::string> keys() const {
    std::vector<std::string> known{"type", "ref", directory_key_};
    if (is_export_) known.insert(known.end(), {"mode", "mounts"});
    return known;
  }

  void read_field(const std::string& field) {
    const auto equals = field.find('=');
    if (equals == std::string::npos)
      fail(ErrorKind::usage, option_, ": ", quoted(field), " is not of the form option=value");
    const std::string key = to_lower(trim(std::string_view(field).substr(0, equals)));
    const std::string value = field.substr(equals + 1);
    if (key == "type")
      read_type(value);
    else if (key == "ref")
      read_repository(value);
    else if (key == directory_key_)
      spec_.place.directory = value;
    else if (is_export_ && key == "mode")
      read_mode(value);
    else if (is_export_ && key == "mounts")
      spec_.mounts.push_back(value);
    else
      pass_over(key, value);
  }

  void read_type(const std::string& value) {
    std::vector<std::string> names;
    for (const auto& [name, type] : types) {
      names.emplace_back(name);
      if (name != value) continue;
      spec_.place.type = type;
      has_type_ = true;
      return;
    }
    fail(ErrorKind::usage, option_, ": there is no type ", quoted(value), suggestion(value, names),
         "; the types are ", join(names, ", "));
  }

  void read_repository(const std::string& value) {
    spec_.place.repository = oci::parse_reference(value);
    has_repository_ = true;
    if (spec_.place.repository.digest)
      fail(ErrorKind::usage, option_, ": ", quoted(value), " names one digest; expected a tag");
    if (spec_.place.repository.tag.size() > tag_size_max) {
      fail(ErrorKind::usage, option_, ": the tag of ", quoted(value), " has ",
           spec_.place.repository.tag.size(), " characters; a cache's has at most ", tag_size_max);
    }
  }

  void read_mode(const std::string& value) {
    if (value != "min" && value != "max")
      fail(ErrorKind::usage, option_, ": mode is min or max, not ", quoted(value));
    spec_.mode = value == "max" ? Mode::max : Mode::min;
  }

  void pass_over(const std::string& key, const std::string& value) const {
    for (const Moot& one : moot) {
      if (one.key != key) continue;
      if (one.value == value) return;
      fail(ErrorKind::usage, option_, " ", key, "=", value, " is not supported; what is done is ",
           key, "=", one.value);
    }
    fail(ErrorKind::usage, option_, ": there is no option ", quoted(key), suggestion(key, keys()),
         "; the options are ", join(keys(), ", "));
  }

  static std::string suggestion(const std::string& word, const std::vector<std::string>& known) {
    const auto near = nearest_word(word, known);
    return near ? cat("; did you mean ", *near, "?") : "";
  }

  void check() const {
    if (!has_type_ && !has_repository_)
      fail(ErrorKind::usage, option_, " ", text_, ": type=… is missing");
    const PlaceType type = spec_.place.type;
    if (type == PlaceType::registry && !has_repository_)
      fail(ErrorKind::usage, option_, " ", text_, ": ref=NAME[:TAG] is missing");
    if (type == PlaceType::local && spec_.place.directory.empty())
      fail(ErrorKind::usage, option_, " ", text_, ": ", directory_key_, "=DIR is missing");
    if ((type != PlaceType::registry && has_repository_) ||
        (type != PlaceType::local && !spec_.place.directory.empty()))
      fail(ErrorKind::usage, option_, " ", text_, ": ref goes with type=registry, ", directory_key_,
           " with type=local");
    if (type == PlaceType::inlined && !is_export_)
      fail(ErrorKind::usage, option_, " ", text_,
           ": what is in an image is found by its name: type=registry,ref=NAME");
    if (type == PlaceType::inlined && (!spec_.mounts.empty() || spec_.mode == Mode::max))
      fail(ErrorKind::usage, option_, " ", text_,
           ": an image holds the records of its own steps alone");
  }

  const char* option_;
  std::string_view text_;
  std::string directory_key_;
  bool is_export_ = false;
  bool has_type_ = false;
  bool has_repository_ = false;
  ExportSpec spec_;
};

}  // namespace

PlaceSpec parse_cache_from(std::string_view text) {
  return Reader("--cache-from", text, "src").read(false).place;
}

ExportSpec parse_cache_to(std::string_view text) {
  return Reader("--cache-to", text, "dest").read(true);
}

}  // namespace strata::remotecache
