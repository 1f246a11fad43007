#include "remote/git_ref.hpp"

#include <map>

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

namespace strata::remote {

namespace {

constexpr std::string_view peeled = "^{}";

/// The full names that a short one may mean, most likely first: as git checkout does, a branch goes
/// before a tag of the same name.
std::vector<std::string> candidates(const std::string& ref) {
  if (ref.empty() || ref == "HEAD") return {"HEAD"};
  if (ref.starts_with("refs/")) return {ref};
  return {cat("refs/heads/", ref), cat("refs/tags/", ref), cat("refs/", ref)};
}

}  // namespace

std::string find_commit(std::string_view listing, const std::string& ref) {
  std::map<std::string, std::string, std::less<>> ids;
  for (const std::string& line : split(listing, '\n')) {
    const auto tab = line.find('\t');
    if (tab == std::string::npos) continue;
    const std::string id = line.substr(0, tab);
    if (context::is_commit_id(id)) ids[line.substr(tab + 1)] = id;
  }
  for (const std::string& name : candidates(ref)) {
    for (const std::string& form : {cat(name, peeled), name})
      if (const auto found = ids.find(form); found != ids.end()) return found->second;
  }
  return {};
}

std::string resolve_commit(const Git& git, const GitAddress& address,
                           const context::GitReference& reference) {
  std::string commit = reference.fetch_by_commit ? reference.checksum : reference.ref;
  if (!context::is_commit_id(commit)) {
    std::vector<std::string> words{"ls-remote", "--quiet", "--", address.url};
    for (const std::string& name : candidates(reference.ref)) {
      words.push_back(name);
      words.push_back(cat(name, peeled));
    }
    commit = find_commit(git.run(words), reference.ref);
  }
  if (commit.empty()) {
    const std::string ref = reference.ref.empty() ? "HEAD" : reference.ref;
    fail(ErrorKind::not_found, "the repository ", address.url, " has no branch or tag ",
         quoted(ref));
  }
  if (!commit.starts_with(reference.checksum)) {
    fail(ErrorKind::corrupt, to_string(reference), " is commit ", commit, ", expected ",
         reference.checksum);
  }
  return commit;
}

}  // namespace strata::remote
