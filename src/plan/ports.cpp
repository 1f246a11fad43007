#include "plan/ports.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "plan/findings.hpp"

namespace strata::plan {

namespace {

constexpr std::uint64_t port_max = 65535;
constexpr std::array<std::string_view, 3> protocols = {"tcp", "udp", "sctp"};

struct PortRange {
  std::uint64_t first;
  std::uint64_t last;
};

[[noreturn]] void refuse_port(std::string_view word, std::string_view why) {
  refuse(cat("EXPOSE ", quoted(word), ": ", why),
         "expected PORT, FIRST-LAST, PORT/tcp, PORT/udp or PORT/sctp");
}

std::uint64_t parse_port(std::string_view text, std::string_view word) {
  const auto port = parse_decimal(text.starts_with('+') ? text.substr(1) : text);
  if (!port) refuse_port(word, cat(quoted(text), " is no port number"));
  if (*port > port_max) refuse_port(word, cat("port ", *port, " is above ", port_max));
  return *port;
}

PortRange parse_range(std::string_view text, std::string_view word) {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) {
    const auto port = parse_port(text, word);
    return {port, port};
  }
  const PortRange range{parse_port(text.substr(0, dash), word),
                        parse_port(text.substr(dash + 1), word)};
  if (range.last < range.first) refuse_port(word, "the range ends before it begins");
  return range;
}

std::string parse_protocol(std::string_view text, std::string_view word) {
  const std::string protocol = text.empty() ? "tcp" : to_lower(text);
  if (!is_protocol(protocol)) {
    refuse_port(word, cat("unknown protocol ", quoted(text)));
  }
  return protocol;
}

bool is_address(std::string text) {
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
    text = text.substr(1, text.size() - 2);
  }
  unsigned char bytes[sizeof(in6_addr)];
  return inet_pton(AF_INET, text.c_str(), bytes) == 1 ||
         inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

/// What stands before the container's port: `ip:host`, `ip:`, or `host`.
void check_host(std::string_view host, const PortRange& container, std::string_view word) {
  std::string_view port = host;
  if (const auto colon = host.rfind(':'); colon != std::string_view::npos) {
    const auto address = host.substr(0, colon);
    port = host.substr(colon + 1);
    if (!address.empty() && !is_address(std::string(address))) {
      refuse_port(word, cat(quoted(address), " is no IP address"));
    }
  }
  if (port.empty()) return;
  const auto range = parse_range(port, word);
  const auto wanted = container.last - container.first;
  if (wanted != 0 && range.last - range.first != wanted) {
    refuse_port(word, "the ranges of host and container differ in length");
  }
}

}  // namespace

PortWord split_port(std::string_view word) {
  PortWord parts;
  std::string_view address = word;
  if (const auto slash = word.find('/'); slash != std::string_view::npos) {
    address = word.substr(0, slash);
    parts.protocol = word.substr(slash + 1);
  }
  const auto colon = address.rfind(':');
  parts.port = colon == std::string_view::npos ? address : address.substr(colon + 1);
  if (colon != std::string_view::npos) parts.host = address.substr(0, colon);
  return parts;
}

bool is_protocol(std::string_view lower_case) {
  return std::find(protocols.begin(), protocols.end(), lower_case) != protocols.end();
}

std::vector<std::string> parse_ports(std::string_view word) {
  const PortWord parts = split_port(word);
  if (parts.port.empty()) refuse_port(word, "no port");
  const auto range = parse_range(parts.port, word);
  const auto protocol = parse_protocol(parts.protocol, word);
  if (!parts.host.empty()) check_host(parts.host, range, word);

  std::vector<std::string> ports;
  for (auto number = range.first; number <= range.last; ++number) {
    ports.push_back(cat(number, "/", protocol));
  }
  return ports;
}

}  // namespace strata::plan
