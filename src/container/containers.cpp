// Finding containers, and being rid of them.

#include <algorithm>
#include <array>

#include "container/record.hpp"
#include "strata/base/directory_size.hpp"
#include "strata/base/error.hpp"

namespace strata::container {

namespace {

constexpr std::size_t id_prefix_min = 2;

bool is_unsettled(const Container& container) { return container.started && !container.finished; }

/// The record first and the lock second: a container that ends in between has a settled record by
/// then, which is read again.
std::optional<Container> find_container(const store::Containers& containers,
                                        const store::ContainerFolder& folder) {
  auto container = find_record(folder);
  if (!container || !container->started) return container;
  if (is_unsettled(*container) && containers.is_running(container->id)) {
    container->state = State::running;
    return container;
  }
  if (is_unsettled(*container)) container = find_record(folder);
  if (container) container->state = State::exited;
  return container;
}

/// As above for a container that may be removed meanwhile.
std::optional<Container> find_present(const store::Containers& containers,
                                      const store::ContainerFolder& folder) {
  try {
    return find_container(containers, folder);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::not_found) return std::nullopt;
    throw;
  }
}

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

[[noreturn]] void fail_absent(std::string_view name, const std::vector<Container>& all) {
  std::vector<std::string> names;
  for (const Container& one : all) names.push_back(one.name);
  const auto near = nearest_word(name, names);
  fail(ErrorKind::not_found, "there is no container ", quoted(name),
       near ? cat("; did you mean ", quoted(*near), "?") : "");
}

}  // namespace

std::string to_string(State state) {
  constexpr std::array names{"created", "running", "exited"};
  return names[static_cast<std::size_t>(state)];
}

std::vector<Container> list(const store::Store& store) {
  std::vector<Container> all;
  for (const store::ContainerFolder& folder : store.containers().list())
    if (auto container = find_present(store.containers(), folder))
      all.push_back(std::move(*container));
  std::stable_sort(all.begin(), all.end(), [](const Container& left, const Container& right) {
    return left.created > right.created;
  });
  return all;
}

Container at(const store::Store& store, std::string_view name_or_id) {
  const std::vector<Container> all = list(store);
  for (const Container& one : all)
    if (one.name == name_or_id) return one;
  std::vector<Container> fitting;
  if (name_or_id.size() >= id_prefix_min && is_hex(name_or_id))
    for (const Container& one : all)
      if (one.id.starts_with(name_or_id)) fitting.push_back(one);
  if (fitting.size() > 1)
    fail(ErrorKind::usage, quoted(name_or_id), " fits ", fitting.size(),
         " containers; give more digits of the id");
  if (fitting.empty()) fail_absent(name_or_id, all);
  return fitting.front();
}

void remove(store::Store& store, const Container& container) {
  store.containers().remove(container.id);
}

std::uint64_t writable_size(const Container& container) {
  const Root host = Root::open("/");
  return directory_size(host, cat(container.host_path, "/upper"));
}

}  // namespace strata::container
