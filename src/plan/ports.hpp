#pragma once
/// The words of EXPOSE (reference dockerfile.md §1.7).

#include <string>
#include <string_view>
#include <vector>

namespace strata::plan {

/// A word of EXPOSE taken apart, nothing checked.
struct PortWord {
  std::string_view host;      ///< `ip:host`, `ip:` or `host`; empty without
  std::string_view port;      ///< of the container, or a range
  std::string_view protocol;  ///< as written; empty without
};
PortWord split_port(std::string_view word);
bool is_protocol(std::string_view lower_case);

/// `[[ip:]host:]port[-last][/protocol]` as "port/protocol", ranges as single ports. What is said
/// about the host is checked and dropped. Throws Error dockerfile.
std::vector<std::string> parse_ports(std::string_view word);

}  // namespace strata::plan
