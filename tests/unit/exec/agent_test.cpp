// Agents of ours: started when asked for, with the user's keys and nobody else's, gone with us.

#include "strata/exec/agent.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>

#include "strata/base/error.hpp"
#include "strata/base/process.hpp"
#include "unit/store/temporary_store.hpp"

namespace strata::exec {

namespace {

constexpr const char* programs = "/usr/bin:/bin";

Finished run(std::vector<std::string> argv, const std::string& socket = {}) {
  const Command command{
      std::move(argv), {cat("PATH=", programs), cat("SSH_AUTH_SOCK=", socket)}, "/"};
  return run_command(command, 1u << 20, {});
}

struct Keys {
  store::TemporaryDirectory directory;

  std::string make(const std::string& name, const std::string& passphrase = {}) const {
    const std::string file = directory / name;
    REQUIRE(run({"ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", name, "-f", file})
                .status == 0);
    return file;
  }
};

std::string listing(const std::string& socket) { return run({"ssh-add", "-l"}, socket).output; }

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Message and notes of the error that starting an agent ends in.
std::string complaint(AgentKeys keys, ErrorKind kind) {
  const store::TemporaryStore store;
  Agent agent(std::move(keys));
  try {
    agent.socket(store.store);
  } catch (const Error& error) {
    CHECK(error.kind() == kind);
    return error.what();
  }
  FAIL("the agent was started");
  return {};
}

}  // namespace

TEST_CASE("an agent is started when first asked for and holds the keys given") {
  const Keys keys;
  const store::TemporaryStore store;
  std::string socket;
  {
    Agent agent(AgentKeys{{keys.make("one"), keys.make("two")}, programs});
    CHECK(std::filesystem::is_empty(store.directory / "tmp"));
    socket = agent.socket(store.store);
    CHECK(agent.socket(store.store) == socket);
    CHECK(has(listing(socket), " one "));
    CHECK(has(listing(socket), " two "));
    struct stat info {};
    REQUIRE(::stat(socket.substr(0, socket.rfind('/')).c_str(), &info) == 0);
    CHECK((info.st_mode & 07777) == 0700);
  }
  CHECK(run({"ssh-add", "-l"}, socket).status == 2);
  CHECK(std::filesystem::is_empty(store.directory / "tmp"));
}

TEST_CASE("an agent that runs already is taken as it is") {
  const store::TemporaryStore store;
  CHECK(Agent("/run/agent").socket(store.store) == "/run/agent");
}

TEST_CASE("a store with a long path has agents too") {
  const Keys keys;
  const store::TemporaryDirectory directory;
  const store::Store store(directory / std::string(150, 'x'));
  Agent agent(AgentKeys{{keys.make("one")}, programs});
  CHECK(has(listing(agent.socket(store)), " one "));
}

TEST_CASE("a key that the agent does not take is said with the way out") {
  const Keys keys;
  const std::string locked = complaint({{keys.make("locked", "word")}, programs}, ErrorKind::usage);
  CHECK(has(locked, "locked"));
  CHECK(has(locked, "ssh-add"));
  const std::string open = keys.make("open");
  REQUIRE(::chmod(open.c_str(), 0644) == 0);
  CHECK(has(complaint({{open}, programs}, ErrorKind::usage), "too open"));
  CHECK(has(complaint({{open + ".pub"}, programs}, ErrorKind::usage), "open.pub"));
}

TEST_CASE("a machine without OpenSSH is told which package it lacks") {
  CHECK(has(complaint({{"/key"}, "/nowhere"}, ErrorKind::not_found), "openssh-client"));
}

}  // namespace strata::exec
