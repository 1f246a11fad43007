#pragma once
/// The words of EXPOSE (reference dockerfile.md §1.7).

#include <string>
#include <string_view>
#include <vector>

namespace strata::plan {

/// `[[ip:]host:]port[-last][/protocol]` as "port/protocol", ranges as single ports. What is said
/// about the host is checked and dropped. Throws Error dockerfile.
std::vector<std::string> parse_ports(std::string_view word);

}  // namespace strata::plan
