#include "strata/base/mode_change.hpp"

#include <doctest/doctest.h>

using strata::ModeChange;

namespace {

struct Case {
  const char* text;
  std::uint32_t file_before;
  std::uint32_t file;
  std::uint32_t directory_before;
  std::uint32_t directory;
};

}  // namespace

TEST_CASE("clauses change modes as the manual says") {
  const Case cases[] = {
      {"+x", 0644, 0755, 0700, 0711},
      {"u+x", 0644, 0744, 0600, 0700},
      {"go-w", 0666, 0644, 0777, 0755},
      {"u=rw,g=r,o=r", 0777, 0644, 0777, 0644},
      {"u=rwX,go=rX", 0600, 0644, 0700, 0755},
      {"u=rwX,go=rX", 0700, 0755, 0000, 0755},
      {"a+X", 0640, 0640, 0640, 0751},
      {"a+X", 0641, 0751, 0124, 0135},
      {"-X", 0755, 0644, 0755, 0644},
      {"g=u", 0750, 0770, 0700, 0770},
      {"g=u", 02750, 02770, 02700, 02770},
      {"go=u-w", 0700, 0755, 0600, 0644},
      {"o=g", 0750, 0755, 0710, 0711},
      {"u=o", 0751, 0151, 0007, 0707},
      {"a=u", 0700, 0777, 0500, 0555},
      {"u=u", 0755, 0755, 0700, 0700},
      {"g-u", 0770, 0700, 0570, 0520},
      {"+u", 0700, 0777, 0400, 0444},
      {"u+s", 0755, 04755, 0755, 04755},
      {"g+s", 0755, 02755, 0755, 02755},
      {"+s", 0755, 06755, 0755, 06755},
      {"o+s", 0755, 0755, 0755, 0755},
      {"u=rwx", 04711, 0711, 04711, 0711},
      {"+t", 0755, 01755, 0777, 01777},
      {"a+t", 0755, 01755, 0777, 01777},
      {"o+t", 0755, 0755, 0777, 0777},
      {"-t", 01755, 0755, 01777, 0777},
      {"a=rwx", 01000, 01777, 01000, 01777},
      {"=t", 0755, 01000, 0755, 01000},
      {"a=", 0777, 0000, 0777, 0000},
      {"go=", 0755, 0700, 0777, 0700},
      {"u=,g=r", 0755, 0045, 0755, 0045},
      {"u+rw,g+r,o-x,o+w", 0666, 0666, 0124, 0766},
      {"u+x-w", 0644, 0544, 0644, 0544},
      {"ug+x,o=", 0644, 0750, 0644, 0750},
      {"u+", 0644, 0644, 0644, 0644},
      {"g=urx", 0700, 0750, 0700, 0750},
      {"u-x,u+X", 0755, 0755, 0755, 0755},
      {"u=Xu", 0644, 0644, 0644, 0744},
      {"o=os", 0644, 0644, 0755, 0755},
  };
  for (const Case& each : cases) {
    CAPTURE(each.text);
    const auto change = ModeChange::parse(each.text);
    REQUIRE(change);
    CHECK_FALSE(change->absolute());
    CHECK(change->apply(each.file_before, false) == each.file);
    CHECK(change->apply(each.directory_before, true) == each.directory);
  }
}

TEST_CASE("octal digits are the mode whatever it was") {
  for (const auto& [text, mode] : {std::pair("0", 0u), {"644", 0644u}, {"00004755", 04755u}}) {
    const auto change = ModeChange::parse(text);
    REQUIRE(change);
    CHECK(change->absolute() == mode);
    CHECK(change->apply(0777, false) == mode);
    CHECK(change->apply(07000, true) == mode);
  }
}

TEST_CASE("what is no mode is refused") {
  for (const char* text : {"", "8", "10000", "64a", "0x1", "-1", "u", "u+q", "+x,", ",+x", "+x,,+w",
                           "u+x g+x", "rwx", "u~x", "+a", "99999999999", "+x\n"}) {
    CAPTURE(text);
    CHECK_FALSE(ModeChange::parse(text));
  }
}
