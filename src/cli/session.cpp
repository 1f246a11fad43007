#include "session.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/filesystem/operations.hpp>
#include <cstdlib>
#include <thread>

#include "epoch.hpp"
#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

namespace strata::cli {

namespace {

/// $STRATA_ROOT, else for root /var/lib/strata, else $XDG_DATA_HOME/strata, else
/// ~/.local/share/strata.
std::string default_root() {
  if (const auto root = find_variable("STRATA_ROOT")) return *root;
  if (geteuid() == 0) return "/var/lib/strata";
  if (const auto data = find_variable("XDG_DATA_HOME")) return cat(*data, "/strata");
  if (const auto home = find_variable("HOME")) return cat(*home, "/.local/share/strata");
  fail(ErrorKind::usage, "no place for the store: neither STRATA_ROOT nor HOME is set");
}

}  // namespace

std::optional<std::string> find_variable(const char* name) {
  const char* value = std::getenv(name);
  if (!value || !*value) return std::nullopt;
  return std::string(value);
}

store::Store& Session::store() {
  if (!store_) {
    const boost::filesystem::path path(root_.empty() ? default_root() : root_);
    boost::system::error_code error;
    boost::filesystem::create_directories(boost::filesystem::absolute(path).parent_path(), error);
    if (error) fail_system(error.value(), cat("store ", path.string()));
    store_ = std::make_unique<store::Store>(boost::filesystem::absolute(path).string());
  }
  return *store_;
}

WorkerPool& Session::pool() {
  if (!pool_)
    pool_ = std::make_unique<WorkerPool>(std::max(1u, std::thread::hardware_concurrency()));
  return *pool_;
}

sandbox::Sandbox& Session::sandbox() {
  if (!sandbox_) sandbox_ = std::make_unique<sandbox::Sandbox>();
  return *sandbox_;
}

std::optional<Time> Session::epoch() {
  const auto text = find_variable("SOURCE_DATE_EPOCH");
  if (!text) return std::nullopt;
  const auto time = parse_epoch(*text);
  if (!time)
    fail(ErrorKind::usage, "SOURCE_DATE_EPOCH must be whole seconds since 1970, found ",
         quoted(*text));
  return time;
}

}  // namespace strata::cli
