#include "sandbox/host_files.hpp"

#include <doctest/doctest.h>

#include <fstream>

using namespace strata;
using namespace strata::sandbox;

TEST_CASE("hosts has localhost and the own name and what was asked for") {
  Spec spec;
  spec.hostname = "builder";
  spec.extra_hosts = {{"db", "10.0.0.2"}, {"six", "fe80::1"}};
  CHECK(make_hosts(spec) ==
        "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n127.0.1.1\tbuilder\n"
        "10.0.0.2\tdb\nfe80::1\tsix\n");
}

TEST_CASE("the resolver is the host's or none") {
  Spec spec;
  std::ifstream file("/etc/resolv.conf");
  const std::string host{std::istreambuf_iterator<char>(file), {}};
  CHECK(make_resolv_conf(spec) == host);
  spec.network = Network::none;
  CHECK(make_resolv_conf(spec).empty());
}
