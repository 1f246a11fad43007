#include "http/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <string>

namespace strata::http {

namespace {

struct Block4 {
  std::uint32_t address;  ///< host order
  unsigned bits;
  AddressClass kind;
};

/// "This host" (0/8) reaches the machine itself on Linux.
constexpr std::array<Block4, 7> blocks4{{{0x00000000, 8, AddressClass::loopback},
                                         {0x7f000000, 8, AddressClass::loopback},
                                         {0xa9fe0000, 16, AddressClass::link_local},
                                         {0x0a000000, 8, AddressClass::private_use},
                                         {0xac100000, 12, AddressClass::private_use},
                                         {0xc0a80000, 16, AddressClass::private_use},
                                         {0x64400000, 10, AddressClass::private_use}}};

AddressClass class_of4(std::uint32_t address) {
  for (const Block4& block : blocks4)
    if ((address ^ block.address) >> (32 - block.bits) == 0) return block.kind;
  return AddressClass::global;
}

AddressClass class_of6(const in6_addr& address) {
  if (IN6_IS_ADDR_V4MAPPED(&address)) {
    std::uint32_t inner = 0;
    std::memcpy(&inner, address.s6_addr + 12, sizeof inner);
    return class_of4(ntohl(inner));
  }
  if (IN6_IS_ADDR_LOOPBACK(&address) || IN6_IS_ADDR_UNSPECIFIED(&address))
    return AddressClass::loopback;
  if (IN6_IS_ADDR_LINKLOCAL(&address)) return AddressClass::link_local;
  const bool is_unique_local = (address.s6_addr[0] & 0xfe) == 0xfc;
  return is_unique_local ? AddressClass::private_use : AddressClass::global;
}

}  // namespace

std::optional<AddressClass> class_of(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in inner{};
    std::memcpy(&inner, &address, sizeof inner);
    return class_of4(ntohl(inner.sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6) return std::nullopt;
  sockaddr_in6 inner{};
  std::memcpy(&inner, &address, sizeof inner);
  return class_of6(inner.sin6_addr);
}

std::optional<AddressClass> class_of(std::string_view text) {
  const std::string copy(text);
  in_addr four{};
  if (::inet_pton(AF_INET, copy.c_str(), &four) == 1) return class_of4(ntohl(four.s_addr));
  in6_addr six{};
  if (::inet_pton(AF_INET6, copy.c_str(), &six) == 1) return class_of6(six);
  return std::nullopt;
}

}  // namespace strata::http
