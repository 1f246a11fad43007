// What RUN becomes: argv, environment, user, directory, network.

#include <doctest/doctest.h>

#include "unit/plan/plan_fixture.hpp"

namespace strata::plan {

namespace {

using Words = std::vector<std::string>;

RunProcess run_of(std::string_view instructions, const Options& options = fixed_options()) {
  return last_operation<RunProcess>(plan_of(cat("FROM busybox\n", instructions, "\n"), options));
}

}  // namespace

TEST_CASE("RUN in shell form is one text for the shell and nothing in it is expanded") {
  CHECK(run_of("ENV A=b\nRUN  echo $A \"c  d\" ").argv ==
        Words{"/bin/sh", "-c", "echo $A \"c  d\""});
}

TEST_CASE("RUN in exec form needs no shell") {
  CHECK(run_of("RUN [\"a\", \"$B\", \"c d\"]").argv == Words{"a", "$B", "c d"});
}

TEST_CASE("RUN with a lone heredoc gives its text to the shell") {
  CHECK(run_of("RUN <<EOF\na $B\n\tc\nEOF").argv == Words{"/bin/sh", "-c", "a $B\n\tc\n"});
  CHECK(run_of("RUN <<-EOF\n\t\ta\n\tEOF").argv == Words{"/bin/sh", "-c", "a\n"});
  CHECK(run_of("RUN <<\"EOF\"\na\nEOF").argv == Words{"/bin/sh", "-c", "a\n"});
}

TEST_CASE("RUN with a heredoc that begins with an interpreter runs it as a file") {
  const auto run = run_of("RUN <<EOF\n#!/usr/bin/env python3\nprint(1)\nEOF");
  CHECK(run.argv == Words{"/dev/pipes/EOF"});
  REQUIRE(run.script);
  CHECK(run.script->name == "EOF");
  CHECK(run.script->content == "#!/usr/bin/env python3\nprint(1)\n");
  const auto chomped = run_of("RUN <<-EOF\n\t#!/bin/sh\n\tx\nEOF");
  CHECK(chomped.script->content == "#!/bin/sh\nx\n");
}

TEST_CASE("RUN with more than a heredoc leaves the heredocs to the shell") {
  CHECK(run_of("RUN cat <<A - <<B\n1\nA\n2\nB").argv ==
        Words{"/bin/sh", "-c", "cat <<A - <<B\n1\nA\n2\nB"});
  CHECK(run_of("RUN python3 <<EOF\n#!x\nEOF").argv ==
        Words{"/bin/sh", "-c", "python3 <<EOF\n#!x\nEOF"});
  CHECK(run_of("RUN <<-EOF cat\n\ta\n\tEOF").argv ==
        Words{"/bin/sh", "-c", "<<-EOF cat\n\ta\nEOF"});
}

TEST_CASE("a script's name can not lead out of its directory") {
  CHECK(contains(error_of("FROM busybox\nRUN <<../x\n#!/bin/sh\n../x\n"), "\"../x\""));
}

TEST_CASE("RUN sees the config's environment and the declared arguments") {
  CHECK(run_of("ARG A=1\nENV B=2\nARG C\nRUN x").env == Words{"PATH=/bin", "B=2", "A=1"});
}

TEST_CASE("ENV wins over ARG wherever it stands") {
  CHECK(run_of("ENV A=env\nARG A=arg\nRUN x").env == Words{"PATH=/bin", "A=env"});
  CHECK(run_of("ARG A=arg\nENV A=env\nRUN x").env == Words{"PATH=/bin", "A=env"});
  auto options = fixed_options();
  options.build_args = {{"A", "given"}};
  CHECK(run_of("ARG A=arg\nENV A=env\nRUN x", options).env == Words{"PATH=/bin", "A=env"});
}

TEST_CASE("RUN has the user and the directory of its place in the file") {
  const auto plan = plan_of("FROM busybox\nRUN a\nUSER u:g\nWORKDIR /w\nRUN b\n");
  const auto& first = std::get<RunProcess>(plan.target_stage().steps[0].operation);
  CHECK(first.user.empty());
  CHECK(first.working_dir == "/");
  const auto& last = last_operation<RunProcess>(plan);
  CHECK(last.user == "u:g");
  CHECK(last.working_dir == "/w");
}

TEST_CASE("RUN takes the network from its flag and else from the options") {
  using Network = RunProcess::Network;
  auto options = fixed_options();
  options.network = Network::none;
  CHECK(run_of("RUN x").network == Network::standard);
  CHECK(run_of("RUN x", options).network == Network::none);
  CHECK(run_of("RUN --network=default x", options).network == Network::none);
  CHECK(run_of("RUN --network=host x", options).network == Network::host);
  CHECK(run_of("RUN --network=none x").network == Network::none);
  CHECK(contains(error_of("FROM busybox\nRUN --network=nonr x\n"),
                 "expected one of default, none, host"));
}

TEST_CASE("proxies are seen by the process and by nothing else") {
  auto options = fixed_options();
  options.build_args = {{"http_proxy", "http://p"}, {"NO_PROXY", "local"}};
  const auto run = run_of("RUN x", options);
  CHECK(run.env == Words{"PATH=/bin"});
  CHECK(run.hidden_env ==
        Words{"HTTP_PROXY=http://p", "http_proxy=http://p", "NO_PROXY=local", "no_proxy=local"});
  CHECK(histories(plan_of("FROM busybox\nRUN x\n", options)).back() ==
        "RUN /bin/sh -c x # buildkit");
  CHECK_FALSE(contains(to_text(plan_of("FROM busybox\nRUN x\n", options)), "http://p"));
}

TEST_CASE("a declared proxy is an argument like any other") {
  auto options = fixed_options();
  options.build_args = {{"HTTP_PROXY", "p"}};
  const auto run = run_of("ARG HTTP_PROXY\nRUN x", options);
  CHECK(run.env == Words{"PATH=/bin", "HTTP_PROXY=p"});
  CHECK(run.hidden_env == Words{"http_proxy=p"});
}

TEST_CASE("security sandbox is what happens anyway and may be said") {
  CHECK(error_of("FROM busybox\nRUN --security=sandbox x\n").empty());
}

}  // namespace strata::plan
