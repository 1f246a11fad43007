#pragma once
/// What the environment says about the network, for those floors that do not look themselves.

#include <string>
#include <vector>

#include "strata/http/client.hpp"

namespace strata::cli {

/// http_proxy, https_proxy, all_proxy and no_proxy, in lower case or else upper; SSL_CERT_FILE.
http::Settings read_network_settings();

/// Where programs are looked for: PATH, or what is usual.
std::string read_program_path();

/// The same for git, with PATH and what ssh needs to find the user's agent.
std::vector<std::string> read_git_environment();

}  // namespace strata::cli
