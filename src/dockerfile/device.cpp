#include "strata/dockerfile/device.hpp"

#include "dockerfile/boolean.hpp"
#include "strata/base/error.hpp"
#include "strata/dockerfile/csv.hpp"
#include "strata/dockerfile/finding.hpp"

namespace strata::dockerfile {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_letter_or_digit(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }

/// Letters, digits and, but for the ends, `inner` characters.
bool is_word(std::string_view text, std::string_view inner) {
  if (text.empty() || !is_letter_or_digit(text.front()) || !is_letter_or_digit(text.back())) {
    return false;
  }
  for (const char c : text) {
    if (!is_letter_or_digit(c) && inner.find(c) == std::string_view::npos) return false;
  }
  return true;
}

/// The grammar of the Container Device Interface.
bool is_device_name(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return false;
  const std::string_view vendor = text.substr(0, slash);
  const std::string_view rest = text.substr(slash + 1);
  const std::size_t equals = rest.find('=');
  const std::string_view device_class = rest.substr(0, equals);
  if (!is_word(vendor, "_-.") || !is_letter(vendor.front())) return false;
  if (!is_word(device_class, "_-") || !is_letter(device_class.front())) return false;
  if (equals == std::string_view::npos) return true;
  const std::string_view name = rest.substr(equals + 1);
  return name == "*" || is_word(name, "_-.:");
}

void set_name(DeviceSpec& spec, std::string_view name) {
  if (!spec.name.empty()) {
    fail(ErrorKind::dockerfile, "the device's name is said twice: ", quoted(spec.name), " and ",
         quoted(name));
  }
  spec.name = name;
}

/// The name stands alone or behind "name="; it has an equals sign of its own.
void read_field(const std::string& field, DeviceSpec& spec) {
  const std::size_t equals = std::min(field.find('='), field.size());
  const std::string key = to_lower(field.substr(0, equals));
  const std::string value = field.substr(std::min(equals + 1, field.size()));
  if (key == "name" && equals < field.size()) return set_name(spec, value);
  if (key == "required") {
    const auto required = equals == field.size() ? true : parse_boolean(value);
    if (!required) fail(ErrorKind::dockerfile, "invalid value for required: ", quoted(value));
    spec.required = *required;
    return;
  }
  if (!spec.name.empty()) {
    std::string way_out = did_you_mean(key, {"name", "required"});
    if (way_out.empty()) way_out = "a device takes name and required";
    fail(ErrorKind::dockerfile, "unexpected key ", quoted(key), " in ", quoted(field), " (",
         way_out, ")");
  }
  set_name(spec, field);
}

DeviceSpec read_spec(std::string_view csv) {
  DeviceSpec spec;
  for (const std::string& field : split_csv(csv)) read_field(field, spec);
  if (!is_device_name(spec.name)) {
    fail(ErrorKind::dockerfile, quoted(spec.name),
         " is no device's name: expected one as in vendor.com/class=name");
  }
  return spec;
}

}  // namespace

DeviceSpec parse_device(std::string_view csv) {
  try {
    return read_spec(csv);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::dockerfile) throw;
    fail(ErrorKind::dockerfile, "--device: ", error.message());
  }
}

}  // namespace strata::dockerfile
