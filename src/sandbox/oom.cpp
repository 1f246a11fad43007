#include "sandbox/oom.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "strata/base/text.hpp"

namespace strata::sandbox {

namespace {

constexpr std::size_t cgroup_list_max = 64 << 10;

Fd open_file(const std::string& path) { return Fd(open(path.c_str(), O_RDONLY | O_CLOEXEC)); }

/// A line of /proc/self/cgroup is "number:controllers:path"; version 2 has no controllers.
Fd open_counter(const std::vector<std::string>& fields) {
  if (fields[1] == "memory") {
    return open_file(cat("/sys/fs/cgroup/memory", fields[2], "/memory.oom_control"));
  }
  if (fields[1].empty()) return open_file(cat("/sys/fs/cgroup", fields[2], "/memory.events"));
  return Fd();
}

}  // namespace

OomCounter::OomCounter() {
  const Fd list = open_file("/proc/self/cgroup");
  if (!list) return;
  for (const std::string& line : split(read_all(list.get(), cgroup_list_max, "cgroups"), '\n')) {
    const auto fields = split(line, ':');
    if (fields.size() == 3 && !file_) file_ = open_counter(fields);
  }
}

std::uint64_t OomCounter::kills() const {
  if (!file_) return 0;
  char text[1024];
  const std::size_t size = pread_full(file_.get(), text, 0);
  for (const std::string& line : split(std::string_view(text, size), '\n')) {
    constexpr std::string_view key = "oom_kill ";
    if (line.starts_with(key)) return parse_decimal(line.substr(key.size())).value_or(0);
  }
  return 0;
}

}  // namespace strata::sandbox
