#include "http/address.hpp"

#include <doctest/doctest.h>

using namespace strata::http;

TEST_CASE("an address belongs to one class") {
  const auto is = [](std::string_view text) { return class_of(text).value(); };
  CHECK(is("127.0.0.1") == AddressClass::loopback);
  CHECK(is("127.255.1.2") == AddressClass::loopback);
  CHECK(is("0.0.0.0") == AddressClass::loopback);
  CHECK(is("169.254.169.254") == AddressClass::link_local);
  CHECK(is("10.1.2.3") == AddressClass::private_use);
  CHECK(is("172.16.0.1") == AddressClass::private_use);
  CHECK(is("172.32.0.1") == AddressClass::global);
  CHECK(is("192.168.1.1") == AddressClass::private_use);
  CHECK(is("100.64.0.1") == AddressClass::private_use);
  CHECK(is("8.8.8.8") == AddressClass::global);
  CHECK(is("::1") == AddressClass::loopback);
  CHECK(is("fe80::1") == AddressClass::link_local);
  CHECK(is("fd00:ec2::254") == AddressClass::private_use);
  CHECK(is("2001:db8::1") == AddressClass::global);
  CHECK(is("::ffff:169.254.169.254") == AddressClass::link_local);
  CHECK_FALSE(class_of(std::string_view("localhost")));
}
