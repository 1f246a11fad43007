#include "strata/context/place.hpp"

#include <algorithm>
#include <array>

#include "strata/base/error.hpp"
#include "strata/base/path.hpp"
#include "strata/base/text.hpp"
#include "strata/base/url.hpp"

namespace strata::context {

namespace {

constexpr std::array<std::string_view, 4> git_schemes{"http", "https", "git", "ssh"};
constexpr std::string_view repository_end = ".git";
constexpr std::size_t commit_id_max = 64;

[[noreturn]] void refuse(std::string_view text, std::string_view why) {
  fail(ErrorKind::usage, "the repository ", quoted(mask_credentials(text)), ": ", why);
}

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// `user@host:path` as ssh takes it. A slash before the colon makes it a path.
bool is_scp_address(std::string_view text) {
  const auto colon = text.find(':');
  const auto at = text.find('@');
  return at != std::string_view::npos && colon != std::string_view::npos && at > 0 &&
         at + 1 < colon && text.find('/') > colon;
}

bool names_repository(std::string_view text) {
  if (is_http_url(text)) return text.substr(0, text.find_first_of("?#")).ends_with(repository_end);
  return text.starts_with("git://") || text.starts_with("ssh://") || is_scp_address(text);
}

/// What git could take for something else than a name: an option, a refspec, an expression. See
/// git-check-ref-format(1).
bool is_plain_ref(std::string_view ref) {
  const auto is_bad = [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == 0x7f ||
           std::string_view("~^:?*[\\").find(c) != std::string_view::npos;
  };
  return !ref.starts_with('-') && !ref.starts_with('+') && !ref.ends_with('/') &&
         ref.find("..") == std::string_view::npos && ref.find("@{") == std::string_view::npos &&
         std::none_of(ref.begin(), ref.end(), is_bad);
}

bool parse_boolean(std::string_view value, std::string_view key) {
  const std::string word = to_lower(value);
  if (word.empty() || word == "true" || word == "1") return true;
  if (word == "false" || word == "0") return false;
  fail(ErrorKind::usage, key, "=", value, ": expected true or false");
}

/// Reads what stands behind the repository's own URL.
class WishReader {
 public:
  explicit WishReader(GitReference& reference) : reference_(reference) {}

  void read_fragment(const std::string& fragment) {
    const auto colon = fragment.find(':');
    if (colon != 0 && !fragment.empty()) set_ref(fragment.substr(0, colon));
    if (colon != std::string::npos) reference_.subdir = root_path(fragment.substr(colon + 1));
  }

  void read_query(const std::string& query) {
    for (const std::string& pair : split(query, '&')) {
      const auto cut = std::min(pair.find('='), pair.size());
      const auto value =
          percent_decoded(std::string_view(pair).substr(std::min(cut + 1, pair.size())));
      if (!value) fail(ErrorKind::usage, quoted(pair), ": a percent sign with no two hex digits");
      read_pair(pair.substr(0, cut), *value);
    }
  }

 private:
  using Reader = void (WishReader::*)(const std::string&);
  struct Row {
    std::string_view key;
    Reader read;
  };
  static constexpr std::size_t key_count = 10;
  static const std::array<Row, key_count> rows;

  void read_pair(const std::string& key, const std::string& value) {
    for (const Row& row : rows)
      if (row.key == key) return (this->*row.read)(value);
    std::vector<std::string> keys;
    for (const Row& row : rows) keys.emplace_back(row.key);
    fail(ErrorKind::usage, "a repository's URL has no ", quoted(key), "; it knows ",
         join(keys, ", "));
  }

  void set_ref(const std::string& ref) {
    if (!reference_.ref.empty())
      fail(ErrorKind::usage, "names two refs, ", quoted(reference_.ref), " and ", quoted(ref));
    if (!is_plain_ref(ref)) fail(ErrorKind::usage, quoted(ref), " is no name of a branch or tag");
    reference_.ref = ref;
  }
  void set_branch(const std::string& name) { set_ref("refs/heads/" + name); }
  void set_tag(const std::string& name) { set_ref("refs/tags/" + name); }
  void set_subdir(const std::string& path) { reference_.subdir = root_path(path); }
  void set_checksum(const std::string& text) { reference_.checksum = parse_commit_prefix(text); }
  void set_keep(const std::string& text) {
    reference_.keep_git_dir = parse_boolean(text, "keep-git-dir");
  }
  void set_submodules(const std::string& text) {
    reference_.submodules = parse_boolean(text, "submodules");
  }
  void set_by_commit(const std::string& text) {
    reference_.fetch_by_commit = parse_boolean(text, "fetch-by-commit");
  }
  void set_times(const std::string& text) {
    if (text != "commit" && text != "checkout")
      fail(ErrorKind::usage, "mtime=", text, ": expected commit or checkout");
    reference_.times =
        text == "commit" ? GitReference::Times::commit : GitReference::Times::checkout;
  }

  GitReference& reference_;
};

const std::array<WishReader::Row, WishReader::key_count> WishReader::rows{{
    {"ref", &WishReader::set_ref},
    {"branch", &WishReader::set_branch},
    {"tag", &WishReader::set_tag},
    {"subdir", &WishReader::set_subdir},
    {"checksum", &WishReader::set_checksum},
    {"commit", &WishReader::set_checksum},
    {"keep-git-dir", &WishReader::set_keep},
    {"submodules", &WishReader::set_submodules},
    {"mtime", &WishReader::set_times},
    {"fetch-by-commit", &WishReader::set_by_commit},
}};

/// The repository's URL; takes what was said behind it into `reference`.
void read_address(std::string_view text, GitReference& reference) {
  WishReader reader(reference);
  if (auto url = split_url(text)) {
    if (std::find(git_schemes.begin(), git_schemes.end(), url->scheme) == git_schemes.end())
      fail(ErrorKind::usage, quoted(url->scheme), " is no way to reach a repository");
    if (url->host.starts_with('-') || url->user.starts_with('-'))
      fail(ErrorKind::usage, "a host begins with no dash");
    if (url->query) reader.read_query(*url->query);
    if (url->fragment) reader.read_fragment(*url->fragment);
    url->query.reset();
    url->fragment.reset();
    reference.url = to_string(*url);
    return;
  }
  if (!is_scp_address(text)) fail(ErrorKind::usage, "this is no URL");
  const auto hash = std::min(text.find('#'), text.size());
  reference.url = text.substr(0, hash);
  if (!is_plain_ref(text.substr(0, text.find(':'))))
    fail(ErrorKind::usage, "this is no name of a host");
  if (hash < text.size()) reader.read_fragment(std::string(text.substr(hash + 1)));
}

}  // namespace

std::optional<GitReference> find_git_reference(std::string_view text) {
  if (!names_repository(text)) return std::nullopt;
  GitReference reference;
  try {
    read_address(text, reference);
    if (reference.fetch_by_commit && !is_commit_id(reference.checksum))
      fail(ErrorKind::usage, "fetch-by-commit needs checksum= with a whole commit id");
  } catch (const Error& error) {
    refuse(text, error.message());
  }
  return reference;
}

std::string to_string(const GitReference& reference) {
  std::string text = mask_credentials(reference.url);
  if (!reference.ref.empty() || !reference.subdir.empty()) text += cat("#", reference.ref);
  if (!reference.subdir.empty()) text += cat(":", reference.subdir);
  return text;
}

std::string parse_commit_prefix(std::string_view text) {
  std::string digits = to_lower(text);
  if (digits.empty() || digits.size() > commit_id_max || !is_hex(digits))
    fail(ErrorKind::usage, "checksum ", quoted(text), ": expected the hex digits of a commit id");
  return digits;
}

bool is_commit_id(std::string_view text) {
  return (text.size() == 40 || text.size() == commit_id_max) && is_hex(text);
}

bool is_http_url(std::string_view text) {
  const std::string beginning = to_lower(text.substr(0, 8));
  return beginning.starts_with("http://") || beginning == "https://";
}

}  // namespace strata::context
