#pragma once
/// Certificates for registries as Docker and containers keep them: a directory for each host, in
/// which *.crt are authorities, and NAME.cert with NAME.key is what we show of ourselves.
///
///   /etc/docker/certs.d/example.org:5000/ca.crt

#include <string>
#include <vector>

#include "strata/http/client.hpp"

namespace strata::registry {

/// What the directories, the first first, say of "host" or "host:port". Directories that are not
/// there say nothing. Error usage for a certificate without its key, and the other way round.
http::Trust read_trust(const std::vector<std::string>& directories, const std::string& host);

}  // namespace strata::registry
