// Any bytes are a document or Error corrupt, and of images what is read prints and reads the same.

#include "fuzz/target.hpp"
#include "strata/base/yaml.hpp"
#include "strata/oci/descriptor.hpp"
#include "strata/oci/image_config.hpp"

void strata::fuzz::try_input(std::string_view input) {
  const auto attempt = [](const auto& read) {
    try {
      read();
    } catch (const Error&) {
    }
  };
  attempt([&] { parse_yaml(input, "YAML"); });
  attempt([&] { oci::parse_manifest(input, "", "manifest"); });
  attempt([&] { oci::parse_index(input, "", "index"); });
  const auto config = oci::parse_image_config(input, "config");
  if (oci::parse_image_config(oci::to_json(config), "config") != config) __builtin_trap();
}
