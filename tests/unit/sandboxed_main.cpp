// main for test programs whose floor starts sandboxes: a Sandbox executes this program again.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "strata/sandbox/init.hpp"

int main(int argc, char** argv) {
  if (strata::sandbox::is_init_call(argc, argv)) strata::sandbox::init_main();
  return doctest::Context(argc, argv).run();
}
