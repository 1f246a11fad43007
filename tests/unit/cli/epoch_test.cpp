#include "cli/epoch.hpp"

#include <doctest/doctest.h>

#include "strata/base/error.hpp"
#include "strata/dockerfile/parse.hpp"
#include "unit/scratch_directory.hpp"

using namespace strata;
using namespace strata::cli;

namespace {

const dockerfile::File plain = dockerfile::parse("FROM scratch\n", "Dockerfile");

plan::Options options_with(const std::string& epoch) {
  plan::Options options;
  options.build_args = {{"SOURCE_DATE_EPOCH", epoch}};
  return options;
}

ErrorKind kind_of_failure(const dockerfile::File& file, plan::Options options,
                          const std::string& context) {
  try {
    settle_epoch(file, context, options);
  } catch (const Error& error) {
    return error.kind();
  }
  return ErrorKind::system;
}

}  // namespace

TEST_CASE("an epoch is whole seconds that a time can hold") {
  CHECK(parse_epoch("0") == from_unix_seconds(0));
  CHECK(parse_epoch("-1") == from_unix_seconds(-1));
  CHECK(parse_epoch("+7") == from_unix_seconds(7));
  CHECK(parse_epoch("9223372036") == from_unix_seconds(9223372036));
  for (const char* text :
       {"", "+", "1.5", " 1", "1 ", "0x1", "9223372037", "-9223372037", "99999999999999999999"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_epoch(text));
  }
}

TEST_CASE("an epoch that is no time is refused where it was said") {
  CHECK(kind_of_failure(plain, options_with("tomorrow"), ".") == ErrorKind::usage);
  const auto file = dockerfile::parse("ARG SOURCE_DATE_EPOCH=x\nFROM scratch\n", "Dockerfile");
  CHECK(kind_of_failure(file, {}, ".") == ErrorKind::dockerfile);
  CHECK(kind_of_failure(plain, options_with("git"), "-") == ErrorKind::usage);
}

TEST_CASE("a context without a commit has no epoch unless git is insisted on") {
  const test::ScratchDirectory directory;
  auto options = options_with("context");
  CHECK_FALSE(settle_epoch(plain, directory.path(), options));
  CHECK(options.build_args.at("SOURCE_DATE_EPOCH").empty());
  CHECK(kind_of_failure(plain, options_with("git"), directory.path()) == ErrorKind::usage);
}
