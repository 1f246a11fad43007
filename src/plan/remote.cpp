#include "plan/remote.hpp"

#include "plan/findings.hpp"
#include "strata/base/path.hpp"
#include "strata/base/url.hpp"
#include "strata/dockerfile/flags.hpp"

namespace strata::plan {

namespace {

/// The last element of the URL's path; empty if it is no name for a file.
std::string file_name(const Url& url) {
  const auto path = percent_decoded(url.path);
  if (!path || path->find('\0') != std::string::npos) return {};
  const std::string_view name = base_name(*path);
  return name == "." || name == ".." ? std::string() : std::string(name);
}

FromUrl from_url(const std::string& source) {
  const auto url = split_url(source);
  if (!url) refuse(cat(quoted(mask_credentials(source)), " is no URL"), "write blanks as %20");
  return {source, file_name(*url), std::nullopt};
}

struct SetChecksum {
  const std::string& checksum;

  void operator()(FromUrl& file) const {
    file.checksum = Digest::find(checksum);
    if (file.checksum) return;
    refuse(cat("--checksum=", checksum, " is no checksum of a file"),
           "write sha256: and 64 hex digits");
  }
  void operator()(FromGit& from) const {
    from.repository.checksum = context::parse_commit_prefix(checksum);
  }
  template <class Local>
  void operator()(Local&) const {}
};

void set_checksum(CopyFiles& copy, const std::string& checksum) {
  if (copy.sources.size() + copy.inline_files.size() != 1)
    refuse("--checksum says what one source has to be", "give each its own ADD");
  if (copy.elsewhere.empty())
    refuse("--checksum: only files from a URL or a repository have one",
           "a local file is part of the build context");
  std::visit(SetChecksum{checksum}, copy.elsewhere.begin()->second);
}

}  // namespace

std::optional<Origin> find_remote(const std::string& source) {
  if (auto repository = context::find_git_reference(source)) return FromGit{std::move(*repository)};
  if (context::is_http_url(source)) return from_url(source);
  return std::nullopt;
}

bool looks_remote(const std::string& source) {
  try {
    return find_remote(source).has_value();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::usage && error.kind() != ErrorKind::dockerfile) throw;
    return true;
  }
}

void set_remote_flags(CopyFiles& copy, const dockerfile::Instruction& instruction,
                      dockerfile::Expander& expander) {
  const auto flag = dockerfile::find_flag(instruction, "checksum");
  const std::string checksum = flag ? expander.word(*flag) : "";
  if (!checksum.empty()) set_checksum(copy, checksum);  // a variable may leave the choice
  const auto keep = dockerfile::find_boolean_flag(instruction, "keep-git-dir");
  if (!keep) return;
  for (auto& [index, origin] : copy.elsewhere)
    if (auto* from = std::get_if<FromGit>(&origin)) from->repository.keep_git_dir = *keep;
}

void check_remote_names(const CopyFiles& copy) {
  if (!copy.destination_is_directory) return;
  for (const auto& [index, origin] : copy.elsewhere) {
    const auto* file = std::get_if<FromUrl>(&origin);
    if (file == nullptr || !file->name.empty()) continue;
    refuse(cat(copy.sources[index], " names no file that could be put into a directory"),
           "give the file a name: end the destination with one instead of a slash");
  }
}

}  // namespace strata::plan
