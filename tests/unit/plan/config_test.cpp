// What a plan makes of the image's config, instruction by instruction.

#include <doctest/doctest.h>

#include "unit/plan/plan_fixture.hpp"

namespace strata::plan {

namespace {

struct ConfigCase {
  const char* name;
  const char* dockerfile;
  const char* config;  ///< of the target, as JSON
};

const ConfigCase cases[] = {
    {"scratch begins with a root and a PATH", "FROM scratch\n",
     R"({"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],)"
     R"("WorkingDir":"/"})"},
    {"an image keeps its config", "FROM app\n",
     R"({"User":"app","Env":["PATH=/bin","HOME=/app"],"Cmd":["serve"],)"
     R"("WorkingDir":"/app","Labels":{"from":"base"}})"},
    {"ENV replaces in place and appends", "FROM app\nENV PATH=/x NEW=1\nENV HOME=/h\n",
     R"({"User":"app","Env":["PATH=/x","HOME=/h","NEW=1"],"Cmd":["serve"],)"
     R"("WorkingDir":"/app","Labels":{"from":"base"}})"},
    {"ENV takes quotes and escapes away", "FROM busybox\nENV A=\"b c\" D='e $A' F=g\\ h I=\\$A\n",
     R"({"Env":["PATH=/bin","A=b c","D=e $A","F=g h","I=$A"]})"},
    {"ENV in its old form takes the rest of the line", "FROM busybox\nENV A  b  c=d\n",
     R"({"Env":["PATH=/bin","A=b  c=d"]})"},
    {"ENV sees the values from before the instruction",
     "FROM busybox\nENV abc=hello\nENV abc=bye def=$abc\nENV ghi=$abc\n",
     R"({"Env":["PATH=/bin","abc=bye","def=hello","ghi=bye"]})"},
    {"ENV expands what the base set", "FROM app\nENV A=$HOME/x PATH=$PATH:/y\n",
     R"({"User":"app","Env":["PATH=/bin:/y","HOME=/app","A=/app/x"],"Cmd":["serve"],)"
     R"("WorkingDir":"/app","Labels":{"from":"base"}})"},
    {"ENV expands an unset name to nothing", "FROM busybox\nENV A=[$NOPE] B=${NOPE:-x}\n",
     R"({"Env":["PATH=/bin","A=[]","B=x"]})"},
    {"LABEL replaces and is sorted", "FROM app\nLABEL z=1 from=me \"a b\"=\"c d\"\n",
     R"({"User":"app","Env":["PATH=/bin","HOME=/app"],"Cmd":["serve"],)"
     R"("WorkingDir":"/app","Labels":{"a b":"c d","from":"me","z":"1"}})"},
    {"CMD in shell form stands behind the shell", "FROM busybox\nCMD echo  \"$A\"\n",
     R"({"Env":["PATH=/bin"],"Cmd":["/bin/sh","-c","echo  \"$A\""]})"},
    {"CMD in JSON form stands alone", "FROM busybox\nCMD [\"a\", \"$B\"]\n",
     R"({"Env":["PATH=/bin"],"Cmd":["a","$B"]})"},
    {"an array that is no JSON is a text for the shell", "FROM busybox\nCMD ['a']\n",
     R"({"Env":["PATH=/bin"],"Cmd":["/bin/sh","-c","['a']"]})"},
    {"the last CMD wins", "FROM busybox\nCMD [\"a\"]\nCMD [\"b\"]\n",
     R"({"Env":["PATH=/bin"],"Cmd":["b"]})"},
    {"an empty CMD clears", "FROM app\nCMD []\n",
     R"({"User":"app","Env":["PATH=/bin","HOME=/app"],"WorkingDir":"/app",)"
     R"("Labels":{"from":"base"}})"},
    {"ENTRYPOINT clears the CMD of the base", "FROM app\nENTRYPOINT [\"e\"]\n",
     R"({"User":"app","Env":["PATH=/bin","HOME=/app"],"Entrypoint":["e"],)"
     R"("WorkingDir":"/app","Labels":{"from":"base"}})"},
    {"ENTRYPOINT leaves the CMD of its own stage",
     "FROM busybox\nCMD [\"c\"]\nENTRYPOINT [\"e\"]\n",
     R"({"Env":["PATH=/bin"],"Entrypoint":["e"],"Cmd":["c"]})"},
    {"ENTRYPOINT clears the CMD of the stage below",
     "FROM busybox AS low\nCMD [\"c\"]\nFROM low\nENTRYPOINT [\"e\"]\n",
     R"({"Env":["PATH=/bin"],"Entrypoint":["e"]})"},
    {"an empty ENTRYPOINT clears", "FROM busybox\nENTRYPOINT [\"e\"]\nENTRYPOINT []\n",
     R"({"Env":["PATH=/bin"]})"},
    {"SHELL counts for all that comes after it",
     "FROM busybox\nSHELL [\"/bin/bash\", \"-ec\"]\nCMD x\nENTRYPOINT y\n",
     R"({"Env":["PATH=/bin"],"Entrypoint":["/bin/bash","-ec","y"],"Cmd":["/bin/bash",)"
     R"("-ec","x"],"Shell":["/bin/bash","-ec"]})"},
    {"SHELL goes on into the stages above",
     "FROM busybox AS low\nSHELL [\"/s\"]\nFROM low\nCMD x\n",
     R"({"Env":["PATH=/bin"],"Cmd":["/s","x"],"Shell":["/s"]})"},
    {"EXPOSE knows ranges protocols and order", "FROM busybox\nEXPOSE 443 80/UDP 7-9/sctp 80\n",
     R"({"ExposedPorts":{"443/tcp":{},"7/sctp":{},"8/sctp":{},"80/tcp":{},"80/udp":{},)"
     R"("9/sctp":{}},"Env":["PATH=/bin"]})"},
    {"EXPOSE splits what a variable gives", "FROM busybox\nARG P=\"80 81/udp\"\nEXPOSE $P\n",
     R"({"ExposedPorts":{"80/tcp":{},"81/udp":{}},"Env":["PATH=/bin"]})"},
    {"VOLUME takes words and arrays", "FROM busybox\nVOLUME /b /a\nVOLUME [\"/c d\", \"/a\"]\n",
     R"({"Env":["PATH=/bin"],"Volumes":{"/a":{},"/b":{},"/c d":{}}})"},
    {"USER is kept as it is", "FROM busybox\nARG U=1000\nUSER ${U}:staff\n",
     R"({"User":"1000:staff","Env":["PATH=/bin"]})"},
    {"WORKDIR joins and cleans", "FROM busybox\nWORKDIR /a\nWORKDIR b//c/\nWORKDIR ../d\n",
     R"({"Env":["PATH=/bin"],"WorkingDir":"/a/b/d"})"},
    {"WORKDIR stays below the root", "FROM busybox\nWORKDIR ../../x\n",
     R"({"Env":["PATH=/bin"],"WorkingDir":"/x"})"},
    {"WORKDIR expands", "FROM busybox\nENV D=/v\nWORKDIR $D/x y\n",
     R"({"Env":["PATH=/bin","D=/v"],"WorkingDir":"/v/x y"})"},
    {"STOPSIGNAL is kept as it is written", "FROM busybox\nARG S=sigquit\nSTOPSIGNAL $S\n",
     R"({"Env":["PATH=/bin"],"StopSignal":"sigquit"})"},
    {"HEALTHCHECK keeps its options in nanoseconds",
     "FROM busybox\nHEALTHCHECK --interval=5m --timeout=3s --start-period=1m30s "
     "--start-interval=500ms --retries=7 CMD curl -f x\n",
     R"({"Env":["PATH=/bin"],"Healthcheck":{"Test":["CMD-SHELL","curl -f x"],)"
     R"("Interval":300000000000,"Timeout":3000000000,"StartPeriod":90000000000,)"
     R"("StartInterval":500000000,"Retries":7}})"},
    {"HEALTHCHECK takes an array", "FROM busybox\nHEALTHCHECK CMD [\"a\", \"b\"]\n",
     R"({"Env":["PATH=/bin"],"Healthcheck":{"Test":["CMD","a","b"]}})"},
    {"HEALTHCHECK NONE says so",
     "FROM busybox\nHEALTHCHECK --interval=5s CMD x\nHEALTHCHECK NONE\n",
     R"({"Env":["PATH=/bin"],"Healthcheck":{"Test":["NONE"]}})"},
    {"ONBUILD is kept for later", "FROM busybox\nONBUILD RUN make $A\nONBUILD   USER x\n",
     R"({"Env":["PATH=/bin"],"OnBuild":["RUN make $A","USER x"]})"},
    {"ARG leaves nothing in the config", "FROM busybox\nARG A=1\nRUN x\n",
     R"({"Env":["PATH=/bin"]})"},
    {"the escape character may be a back-tick", "# escape=`\nFROM busybox\nENV A=b` c D=\\e\n",
     R"({"Env":["PATH=/bin","A=b c","D=\\e"]})"},
};

}  // namespace

TEST_CASE("each instruction leaves the config that the language promises") {
  for (const auto& row : cases) {
    CAPTURE(row.name);
    CHECK(oci::to_json(final_config(plan_of(row.dockerfile))) == row.config);
  }
}

TEST_CASE("MAINTAINER names the author and the base's author is inherited") {
  CHECK(plan_of("FROM app\n").target_stage().author == "someone");
  CHECK(plan_of("FROM app\nMAINTAINER A B <c>\n").target_stage().author == "A B <c>");
  CHECK(plan_of("FROM app AS x\nMAINTAINER me\nFROM x\n").target_stage().author == "me");
}

TEST_CASE("thousands of names are planned as if there were few") {
  std::string text = "FROM busybox\n";
  const std::string value(1000, 'x');
  for (int i = 0; i < 5000; ++i)
    text += cat("ENV E", i, "=", value, "\nLABEL l", i, "=$E", i, "\n");
  const auto plan = plan_of(text);
  REQUIRE(plan.target_stage().steps.size() == 10'000);
  const oci::RunConfig& config = final_config(plan);
  CHECK(config.env.size() == 5001);
  CHECK(oci::find_env(config.env, "E4999") == value);
  CHECK(config.labels.size() == 5000);
  CHECK(config.labels.at("l0") == value);
}

TEST_CASE("a variable that doubles with each line ends with an error instead of all memory") {
  std::string text = cat("FROM busybox\nENV A=", std::string(10'000, 'x'), "\n");
  for (int i = 0; i < 20; ++i) text += "ENV A=$A$A\n";
  CHECK(contains(error_of(text), "expansion gives more than 1048576 bytes"));
}

TEST_CASE("many names for one long value end with an error instead of all memory") {
  std::string text = cat("FROM busybox\nENV A=", std::string(10'000, 'x'), "\n");
  for (int i = 0; i < 6; ++i) text += "ENV A=$A$A\n";
  for (int i = 0; i < 500; ++i) text += cat("ENV E", i, "=$A\n");
  const std::string message = error_of(text);
  CHECK(contains(message, "grows too large"));
  CHECK(message.find("grows too large") == message.rfind("grows too large"));
}

TEST_CASE("a file of many ARG and many RUN ends with an error instead of all memory") {
  std::string text = "FROM busybox\n";
  for (int i = 0; i < 3000; ++i) text += cat("ARG A", i, "=", std::string(20, 'x'), "\n");
  for (int i = 0; i < 3000; ++i) text += cat("RUN true ", i, "\n");
  const std::string message = error_of(text);
  CHECK(contains(message, "grows too large"));
  CHECK(message.find("grows too large") == message.rfind("grows too large"));
}

TEST_CASE("many stages that inherit many ARGs end with an error instead of all memory") {
  std::string text = "FROM busybox AS s0\n";
  for (int i = 0; i < 10'000; ++i) text += cat("ARG A", i, "=", std::string(20, 'x'), "\n");
  for (int i = 1; i < 500; ++i) text += cat("FROM s", i - 1, " AS s", i, "\n");
  const std::string message = error_of(text);
  CHECK(contains(message, "grows too large"));
  CHECK(message.find("grows too large") == message.rfind("grows too large"));
}

}  // namespace strata::plan
