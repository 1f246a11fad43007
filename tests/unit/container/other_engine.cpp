#include "unit/container/other_engine.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <exception>

#include "strata/base/text.hpp"

namespace strata::test {

namespace {

constexpr const char* store_variable = "STRATA_TEST_STORE";
constexpr const char* container_variable = "STRATA_TEST_CONTAINER";
constexpr const char* interactive_variable = "STRATA_TEST_INTERACTIVE";

int run_container() {
  store::Store store(std::getenv(store_variable));
  sandbox::Sandbox sandbox;
  const auto container = container::at(store, std::getenv(container_variable));
  return container::run(store, sandbox, container, std::getenv(interactive_variable) != nullptr, {})
      .code;
}

}  // namespace

OtherEngine::OtherEngine(const std::string& store_path, const container::Container& container,
                         Interactive interactive, const std::function<void()>& prepare) {
  std::string path = cat(store_variable, '=', store_path);
  std::string id = cat(container_variable, '=', container.id);
  std::string mode = cat(interactive_variable, "=yes");
  char* const env[] = {path.data(), id.data(),
                       interactive == Interactive::yes ? mode.data() : nullptr, nullptr};
  const char* const argv[] = {"unit_container", "--quiet", "--no-skip",
                              "--test-case=(the engine of another process)", nullptr};
  std::fflush(nullptr);
  pid_ = fork();
  if (pid_ != 0) return;
  prepare();
  execve("/proc/self/exe", const_cast<char* const*>(argv), env);
  _exit(98);
}

TEST_CASE("(the engine of another process)" * doctest::skip()) {
  int code = 99;
  try {
    code = run_container();
  } catch (const std::exception& error) {
    dprintf(2, "in another engine: %s\n", error.what());
  }
  _exit(code);
}

}  // namespace strata::test
