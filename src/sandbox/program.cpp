#include "sandbox/program.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "strata/base/fd.hpp"
#include "strata/base/text.hpp"

namespace strata::sandbox {

namespace {

// What Docker gives an image that sets none.
constexpr std::string_view default_path =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

std::string search_path(const std::vector<std::string>& env) {
  for (const std::string& variable : env) {
    if (variable.starts_with("PATH=")) return variable.substr(5);
  }
  return std::string(default_path);
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

/// The errno for executing `path`, as far as can be told without trying; 0 if it may work. Links of
/// /proc that lead to an open file are not followed: through /proc/self/exe an image could have the
/// engine's own program run in its place (CVE-2019-5736).
int check_file(const std::string& path) {
  open_how how{};
  how.flags = O_PATH | O_CLOEXEC;
  how.resolve = RESOLVE_NO_MAGICLINKS;
  const Fd file(static_cast<int>(syscall(SYS_openat2, AT_FDCWD, path.c_str(), &how, sizeof how)));
  if (!file) return errno;
  return S_ISREG(stat_of(file.get()).st_mode) ? 0 : EACCES;
}

/// Returns only if the program could not be started, with the reason.
int try_execute(const std::string& path, char* const* argv, char* const* env) {
  if (const int refused = check_file(path)) return refused;
  execve(path.c_str(), argv, env);
  return errno;
}

bool is_absence(int error_number) { return error_number == ENOENT || error_number == ENOTDIR; }

[[noreturn]] void give_up(int code, const std::string& message) {
  const std::string line = cat("strata: ", message, '\n');
  // Nobody may be listening, and there is nobody else to tell.
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, line.data(), line.size());
  _exit(code);
}

[[noreturn]] void give_up_on_file(const std::string& path, int error_number) {
  if (error_number == ENOENT && check_file(path) == 0) {
    give_up(exit_not_found, cat("cannot run ", quoted(path),
                                ": the interpreter or loader it names is not in the image"));
  }
  if (is_absence(error_number)) give_up(exit_not_found, cat(quoted(path), ": no such file"));
  if (error_number == ENOEXEC) {
    give_up(exit_not_executable,
            cat("cannot run ", quoted(path),
                ": not a program for this machine, and no script with a #! line"));
  }
  give_up(exit_not_executable, cat("cannot run ", quoted(path), ": ", std::strerror(error_number)));
}

/// As execvp(3): a file that may not be executed does not end the search, but is remembered.
[[noreturn]] void search(const std::vector<std::string>& argv, char* const* pointers_to_argv,
                         char* const* env, const std::string& path) {
  std::string refused_file;
  for (const std::string& directory : split(path, ':')) {
    const std::string file = cat(directory.empty() ? "." : directory, '/', argv.front());
    const int error_number = try_execute(file, pointers_to_argv, env);
    if (error_number == EACCES) {
      refused_file = file;
    } else if (!is_absence(error_number) || check_file(file) == 0) {
      give_up_on_file(file, error_number);
    }
  }
  if (!refused_file.empty()) give_up_on_file(refused_file, EACCES);
  give_up(exit_not_found, cat(quoted(argv.front()), ": not found in PATH (", path, ")"));
}

}  // namespace

void execute(const std::vector<std::string>& argv, const std::vector<std::string>& env) {
  if (argv.empty() || argv.front().empty()) give_up(exit_not_found, "there is no program to run");
  const auto argv_pointers = pointers(argv);
  const auto env_pointers = pointers(env);
  const std::string& program = argv.front();
  if (program.find('/') == std::string::npos) {
    search(argv, argv_pointers.data(), env_pointers.data(), search_path(env));
  }
  give_up_on_file(program, try_execute(program, argv_pointers.data(), env_pointers.data()));
}

}  // namespace strata::sandbox
