// The keys of --mount are a table: each has the types that take it and a function that reads its
// value. Types are checked when all keys are read, so that their order does not matter.
#include "strata/dockerfile/mount.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <vector>

#include "dockerfile/boolean.hpp"
#include "strata/base/error.hpp"
#include "strata/dockerfile/byte_size.hpp"
#include "strata/dockerfile/csv.hpp"
#include "strata/dockerfile/finding.hpp"

namespace strata::dockerfile {
namespace {

constexpr std::array<std::string_view, 5> type_names = {"bind", "cache", "tmpfs", "secret", "ssh"};
constexpr std::array<std::string_view, 3> sharing_names = {"shared", "private", "locked"};

/// A spec while its keys are read: what has a default that depends on the type is still open.
struct Draft {
  MountSpec spec;
  std::optional<bool> read_only;
  std::vector<std::string_view> keys;  ///< canonical names of those given
};

struct Value {
  std::string_view key;  ///< as written
  std::string text;
  bool given = true;  ///< false for a key alone
};

[[noreturn]] void fail_value(const Value& value) {
  fail(ErrorKind::dockerfile, "invalid value for ", value.key, ": ", quoted(value.text));
}

bool to_bool(const Value& value) {
  const auto truth = value.given ? parse_boolean(value.text) : true;
  if (!truth) fail_value(value);
  return *truth;
}

std::uint32_t to_number(const Value& value, int base) {
  std::uint32_t number = 0;
  const char* end = value.text.data() + value.text.size();
  const auto result = std::from_chars(value.text.data(), end, number, base);
  if (result.ec != std::errc() || result.ptr != end) fail_value(value);
  return number;
}

/// The index of a name in a table of them, any case accepted.
template <std::size_t count>
std::size_t index_of(const Value& value, const std::array<std::string_view, count>& names,
                     std::string_view what) {
  const std::string lower = to_lower(value.text);
  const auto found = std::find(names.begin(), names.end(), lower);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  const std::vector<std::string> known(names.begin(), names.end());
  std::string way_out = did_you_mean(lower, known);
  if (way_out.empty()) way_out = cat("expected one of ", join(known, ", "));
  fail(ErrorKind::dockerfile, "unsupported ", what, " ", quoted(value.text), " (", way_out, ")");
}

using ReadKey = void (*)(const Value& value, Draft& into);

struct KeyRule {
  std::string_view name;
  std::string_view canonical;
  std::string_view types;  ///< those that take it, or all
  bool needs_value;
  ReadKey read;
};

constexpr std::string_view any_type = "bind cache tmpfs secret ssh";
constexpr std::string_view owned_types = "cache secret ssh";

void read_type(const Value& value, Draft& into) {
  into.spec.type = static_cast<MountType>(index_of(value, type_names, "mount type"));
}
void read_from(const Value& value, Draft& into) { into.spec.from = value.text; }
void read_source(const Value& value, Draft& into) { into.spec.source = value.text; }
void read_target(const Value& value, Draft& into) { into.spec.target = value.text; }
void read_id(const Value& value, Draft& into) { into.spec.id = value.text; }
void read_env(const Value& value, Draft& into) { into.spec.env = value.text; }
void read_read_only(const Value& value, Draft& into) { into.read_only = to_bool(value); }
void read_read_write(const Value& value, Draft& into) { into.read_only = !to_bool(value); }
void read_required(const Value& value, Draft& into) { into.spec.required = to_bool(value); }
void read_mode(const Value& value, Draft& into) { into.spec.mode = to_number(value, 8); }
void read_uid(const Value& value, Draft& into) { into.spec.uid = to_number(value, 10); }
void read_gid(const Value& value, Draft& into) { into.spec.gid = to_number(value, 10); }
void read_sharing(const Value& value, Draft& into) {
  into.spec.sharing = static_cast<MountSharing>(index_of(value, sharing_names, "sharing value"));
}
void read_size(const Value& value, Draft& into) {
  into.spec.size = parse_byte_size(value.text);
  if (!into.spec.size) fail_value(value);
}

constexpr std::array rules = {
    KeyRule{"type", "type", any_type, true, read_type},
    KeyRule{"from", "from", "bind cache tmpfs ssh", true, read_from},
    KeyRule{"source", "source", any_type, true, read_source},
    KeyRule{"src", "source", any_type, true, read_source},
    KeyRule{"target", "target", any_type, true, read_target},
    KeyRule{"dst", "target", any_type, true, read_target},
    KeyRule{"destination", "target", any_type, true, read_target},
    KeyRule{"readonly", "readonly", any_type, false, read_read_only},
    KeyRule{"ro", "readonly", any_type, false, read_read_only},
    KeyRule{"readwrite", "readwrite", any_type, false, read_read_write},
    KeyRule{"rw", "readwrite", any_type, false, read_read_write},
    KeyRule{"required", "required", "secret ssh", false, read_required},
    KeyRule{"size", "size", "tmpfs", true, read_size},
    KeyRule{"id", "id", any_type, true, read_id},
    KeyRule{"sharing", "sharing", "cache", true, read_sharing},
    KeyRule{"mode", "mode", owned_types, true, read_mode},
    KeyRule{"uid", "uid", owned_types, true, read_uid},
    KeyRule{"gid", "gid", owned_types, true, read_gid},
    KeyRule{"env", "env", any_type, true, read_env},
};

std::vector<std::string> key_names() {
  std::vector<std::string> names;
  for (const KeyRule& rule : rules) names.emplace_back(rule.name);
  return names;
}

/// One `key=value` or `key`, and the rule for it.
struct Field {
  const KeyRule* rule;
  Value value;
};

Field read_field(std::string_view text) {
  const std::size_t equals = text.find('=');
  const std::string key = to_lower(text.substr(0, equals));
  const auto rule = std::find_if(rules.begin(), rules.end(),
                                 [&](const KeyRule& each) { return each.name == key; });
  if (rule == rules.end()) {
    std::string way_out = did_you_mean(key, key_names());
    if (!way_out.empty()) way_out = cat(" (", way_out, ")");
    fail(ErrorKind::dockerfile, "unexpected key ", quoted(key), " in ", quoted(text), way_out);
  }
  Value value{rule->name, {}, equals != std::string_view::npos};
  if (value.given) value.text = text.substr(equals + 1);
  if (!value.given && rule->needs_value) {
    fail(ErrorKind::dockerfile, "invalid field ", quoted(text), " must be a key=value pair");
  }
  const std::size_t dollar = value.text.find('$');
  if (rule->canonical == "from" && dollar != std::string::npos && dollar + 1 < value.text.size()) {
    fail(ErrorKind::dockerfile,
         "'from' doesn't support variable expansion, define alias stage instead");
  }
  return {&*rule, std::move(value)};
}

bool takes(const KeyRule& rule, MountType type) {
  std::string_view rest = rule.types;
  while (!rest.empty()) {
    const std::string_view name = rest.substr(0, rest.find(' '));
    if (name == mount_type_name(type)) return true;
    rest.remove_prefix(std::min(rest.size(), name.size() + 1));
  }
  return false;
}

void check_keys(const Draft& draft) {
  for (const KeyRule& rule : rules) {
    const bool given =
        std::find(draft.keys.begin(), draft.keys.end(), rule.name) != draft.keys.end();
    if (given && !takes(rule, draft.spec.type)) {
      fail(ErrorKind::dockerfile, "unexpected key '", rule.name, "' for mount type '",
           mount_type_name(draft.spec.type), "'");
    }
  }
  if (draft.spec.type != MountType::secret) return;
  if (draft.spec.source.empty() && draft.spec.target.empty() && draft.spec.id.empty()) {
    fail(ErrorKind::dockerfile, "invalid secret mount. one of source, target required");
  }
  if (!draft.spec.source.empty() && !draft.spec.id.empty()) {
    fail(ErrorKind::dockerfile, "both source and id can't be set");
  }
}

std::vector<Field> read_fields(std::string_view csv) {
  std::vector<Field> fields;
  for (const std::string& text : split_csv(csv)) fields.push_back(read_field(text));
  return fields;
}

MountSpec read_spec(std::string_view csv, const ValueExpander& expand) {
  Draft draft;
  for (Field& field : read_fields(csv)) {
    if (field.value.given && field.rule->canonical != "from") {
      field.value.text = expand(field.value.text);
    }
    field.rule->read(field.value, draft);
    draft.keys.push_back(field.rule->name);
  }
  check_keys(draft);
  const bool writable = draft.spec.type == MountType::cache || draft.spec.type == MountType::tmpfs;
  draft.spec.read_only = draft.read_only.value_or(!writable);
  return std::move(draft.spec);
}

/// Says in every message what it is about.
template <class Work>
auto with_flag_named(Work work) -> decltype(work()) {
  try {
    return work();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::dockerfile) throw;
    fail(ErrorKind::dockerfile, "--mount: ", error.message());
  }
}

}  // namespace

std::string_view mount_type_name(MountType type) {
  return type_names.at(static_cast<std::size_t>(type));
}

std::string_view mount_sharing_name(MountSharing sharing) {
  return sharing_names.at(static_cast<std::size_t>(sharing));
}

MountSpec parse_mount(std::string_view csv, const ValueExpander& expand) {
  return with_flag_named([&] { return read_spec(csv, expand); });
}

std::optional<std::string> find_mount_from(std::string_view csv) {
  std::optional<std::string> from;
  for (Field& field : read_fields(csv)) {
    if (field.rule->canonical == "from") from = std::move(field.value.text);
  }
  if (from && from->empty()) return std::nullopt;
  return from;
}

void check_mount(std::string_view csv) {
  // Without variables, quotes and escapes the values are known already.
  const bool literal = csv.find_first_of("$\"'\\`") == std::string_view::npos;
  with_flag_named([&] {
    if (literal) {
      read_spec(csv, [](std::string_view value) { return std::string(value); });
    } else {
      read_fields(csv);
    }
  });
}

}  // namespace strata::dockerfile
