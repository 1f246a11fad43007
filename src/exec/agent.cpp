#include "strata/exec/agent.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "strata/base/error.hpp"
#include "strata/base/process.hpp"
#include "strata/base/text.hpp"

namespace strata::exec {

namespace {

constexpr const char* folder_name = "agent";
constexpr const char* socket_name = "socket";
constexpr std::size_t output_max = 64u << 10;
constexpr auto start_max = std::chrono::seconds(20);
constexpr auto look_again = std::chrono::milliseconds(5);

/// Nobody is asked for a passphrase: not on a terminal, which a Child has not, and not by a window.
std::vector<std::string> environment_of(const AgentKeys& keys) {
  return {cat("PATH=", keys.program_path), "LC_ALL=C", "SSH_ASKPASS_REQUIRE=never",
          cat("SSH_AUTH_SOCK=", socket_name)};
}

/// Runs what needs OpenSSH, whose absence is said with the package that has it.
template <class Work>
auto with_openssh(const Work& work) {
  try {
    return work();
  } catch (Error& error) {
    if (error.kind() != ErrorKind::not_found) throw;
    throw error.note("keys given to --ssh are held by OpenSSH's agent: package openssh-client");
  }
}

/// What ssh-add said, without the frame that it draws around a warning.
std::string words_of(const std::string& errors) {
  std::vector<std::string> lines;
  for (const std::string& line : split(errors, '\n'))
    if (!trim(line).empty() && !line.starts_with('@')) lines.emplace_back(trim(line));
  return lines.empty() ? "it said nothing" : join(lines, " ");
}

/// With the folder of the socket as its directory: a socket's path may have 107 bytes only.
void add_key(const AgentKeys& keys, const std::string& file, const std::string& folder) {
  const Command command{{"ssh-add", "-q", "--", file}, environment_of(keys), folder};
  const Finished finished =
      with_openssh([&] { return run_command(command, output_max, std::stop_token()); });
  if (finished.status == 0) return;
  if (finished.errors.find("passphrase") != std::string::npos) {
    fail(ErrorKind::usage, "--ssh: the key ", quoted(file),
         " has a passphrase, which nobody is asked for; give it to your own agent with ssh-add ",
         "and name that one: --ssh default");
  }
  fail(ErrorKind::usage, "--ssh: ssh-add does not take the key ", quoted(file), ": ",
       words_of(finished.errors));
}

bool is_socket(const Root& folder) {
  const auto info = folder.find_stat(socket_name);
  return info && S_ISSOCK(info->st_mode);
}

void wait_for_socket(Child& agent, const Root& folder) {
  const auto end = std::chrono::steady_clock::now() + start_max;
  while (!is_socket(folder)) {
    if (agent.has_ended()) {
      fail(ErrorKind::system, "ssh-agent ended with status ", agent.status(), ": ",
           words_of(read_all(agent.errors.get(), output_max, "what ssh-agent said")));
    }
    if (std::chrono::steady_clock::now() > end)
      fail(ErrorKind::system, "ssh-agent made no socket within ", start_max.count(), " seconds");
    std::this_thread::sleep_for(look_again);
  }
}

}  // namespace

std::string Agent::socket(const store::Store& store) {
  if (!keys_) return socket_;
  const std::lock_guard lock(mutex_);
  if (!agent_) start(store);
  // Short wherever the store lies, and a path for children too.
  return cat("/proc/", ::getpid(), "/fd/", folder_->fd(), "/", socket_name);
}

void Agent::start(const store::Store& store) {
  work_.emplace(store.make_work_directory());
  work_->root().make_directory(folder_name, 0700);
  folder_.emplace(work_->root().open_directory(folder_name));
  const std::string folder = cat(work_->host_path(), "/", folder_name);
  // In the foreground, so that it is our child and ends as one.
  const Command command{{"ssh-agent", "-D", "-a", socket_name}, environment_of(*keys_), folder};
  try {
    with_openssh([&] { agent_.emplace(command); });
    wait_for_socket(*agent_, *folder_);
    for (const std::string& file : keys_->files) add_key(*keys_, file, folder);
  } catch (...) {
    agent_.reset();
    throw;
  }
}

}  // namespace strata::exec
