// Any bytes are an image document or Error corrupt, and what is read prints and reads the same.

#include "fuzz/target.hpp"
#include "strata/oci/descriptor.hpp"
#include "strata/oci/image_config.hpp"

void strata::fuzz::try_input(std::string_view input) {
  const auto attempt = [](const auto& read) {
    try {
      read();
    } catch (const Error&) {
    }
  };
  attempt([&] { oci::parse_manifest(input, "", "manifest"); });
  attempt([&] { oci::parse_index(input, "", "index"); });
  const auto config = oci::parse_image_config(input, "config");
  if (oci::parse_image_config(oci::to_json(config), "config") != config) __builtin_trap();
}
