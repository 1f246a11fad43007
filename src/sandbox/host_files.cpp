#include "sandbox/host_files.hpp"

#include <fcntl.h>

#include "strata/base/fd.hpp"
#include "strata/base/text.hpp"

namespace strata::sandbox {

namespace {
constexpr std::size_t resolv_conf_max = 1 << 20;
}

std::string make_resolv_conf(const Spec& spec) {
  if (spec.network == Network::none) return {};
  const Fd file(open("/etc/resolv.conf", O_RDONLY | O_CLOEXEC));
  // A machine without the file asks a server on itself, and so will the process.
  return file ? read_all(file.get(), resolv_conf_max, "/etc/resolv.conf") : std::string();
}

std::string make_hosts(const Spec& spec) {
  std::string text =
      "127.0.0.1\tlocalhost\n"
      "::1\tlocalhost ip6-localhost ip6-loopback\n";
  if (!spec.hostname.empty()) text += cat("127.0.1.1\t", spec.hostname, '\n');
  for (const auto& [name, address] : spec.extra_hosts) text += cat(address, '\t', name, '\n');
  return text;
}

}  // namespace strata::sandbox
