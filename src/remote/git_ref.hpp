#pragma once
/// Which commit a name of a repository stands for now.

#include <string>
#include <string_view>

#include "remote/git_command.hpp"

namespace strata::remote {

/// Of `git ls-remote`'s lines ("ID<tab>NAME") the commit that `ref` means: the full name, else a
/// branch, else a tag, which is followed to its commit. Empty if none does.
std::string find_commit(std::string_view listing, const std::string& ref);

/// The commit that the reference leads to, asked of the server unless it is named by its id. Error
/// not_found for a ref that is not there, Error corrupt for one that is not the expected commit.
std::string resolve_commit(const Git& git, const GitAddress& address,
                           const context::GitReference& reference);

}  // namespace strata::remote
