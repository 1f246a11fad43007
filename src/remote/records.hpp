#pragma once
/// What is remembered of things elsewhere: remotes/<key> in the store, one JSON object each. A key
/// is the digest of a name without credentials, so nothing secret is kept. The time of its file is
/// that of its last use.

#include <optional>

#include "strata/base/json.hpp"
#include "strata/content/digest.hpp"
#include "strata/store/store.hpp"

namespace strata::remote {

inline constexpr const char* records_folder = "remotes";

/// The record of a name, given as a list of texts; nothing if there is none.
std::optional<json::value> find_record(const store::Store& store, const json::array& name);
void put_record(const store::Store& store, const json::array& name, const json::object& record);

}  // namespace strata::remote
