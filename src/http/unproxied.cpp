#include "http/unproxied.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <optional>

#include "strata/base/text.hpp"

namespace strata::http {

namespace {

struct Address {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  unsigned bits = 0;  ///< 32 or 128
};

std::optional<Address> parse_address(const std::string& text) {
  Address address;
  if (::inet_pton(AF_INET, text.c_str(), address.bytes.data()) == 1) {
    address.bits = 32;
    return address;
  }
  if (::inet_pton(AF_INET6, text.c_str(), address.bytes.data()) != 1) return std::nullopt;
  address.bits = 128;
  return address;
}

bool is_same_network(const Address& one, const Address& other, unsigned bits) {
  if (one.bits != other.bits || bits > one.bits) return false;
  for (unsigned bit = 0; bit < bits; ++bit) {
    const unsigned mask = 0x80u >> bit % 8;
    if ((one.bytes[bit / 8] & mask) != (other.bytes[bit / 8] & mask)) return false;
  }
  return true;
}

std::string without_brackets(std::string_view host) {
  if (host.size() > 2 && host.starts_with('[') && host.ends_with(']'))
    host = host.substr(1, host.size() - 2);
  return to_lower(host);
}

bool fits_address(std::string_view entry, const Address& host) {
  const auto slash = entry.find('/');
  const auto network = parse_address(without_brackets(entry.substr(0, slash)));
  if (!network) return false;
  if (slash == entry.npos) return is_same_network(*network, host, host.bits);
  const auto bits = parse_decimal(entry.substr(slash + 1));
  return bits && *bits <= host.bits &&
         is_same_network(*network, host, static_cast<unsigned>(*bits));
}

bool fits_name(std::string_view entry, std::string_view host) {
  const std::string name = to_lower(trim(entry, "."));
  if (name.empty() || !host.ends_with(name)) return false;
  const std::string_view before = host.substr(0, host.size() - name.size());
  return before.empty() || before.ends_with('.');
}

}  // namespace

bool is_unproxied(std::string_view list, std::string_view host) {
  const std::string name = without_brackets(host);
  const auto address = parse_address(name);
  while (!list.empty()) {
    const auto end = std::min(list.find_first_of(", \t"), list.size());
    const std::string_view entry = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    if (entry == "*") return true;
    if (address ? fits_address(entry, *address) : fits_name(entry, trim(name, "."))) return true;
  }
  return false;
}

}  // namespace strata::http
