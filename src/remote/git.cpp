// The files of a commit, by way of a working tree in a work directory of the store. What git writes
// there is read as everything that others write: through a Root, no link followed. The files then
// become a layer of the store, so that the next build needs neither git nor the network for a
// commit it has seen, and reads single files as fast as those of any layer.

#include "remote/git_command.hpp"
#include "remote/git_ref.hpp"
#include "remote/records.hpp"
#include "strata/base/error.hpp"
#include "strata/base/path.hpp"
#include "strata/base/stop.hpp"
#include "strata/base/text.hpp"
#include "strata/base/time.hpp"
#include "strata/base/url.hpp"
#include "strata/content/layer_blob.hpp"
#include "strata/context/directory.hpp"
#include "strata/oci/media_type.hpp"
#include "strata/remote/fetch.hpp"

namespace strata::remote {

namespace {

constexpr std::string_view git_dir = ".git";
constexpr const char* tree_folder = "tree";

json::array record_name(const context::GitReference& reference, const GitAddress& address,
                        const std::string& commit) {
  const bool at_checkout = reference.times == context::GitReference::Times::checkout;
  return {"git",
          address.url,
          commit,
          reference.subdir,
          reference.keep_git_dir,
          reference.submodules,
          at_checkout};
}

oci::Layer make_layer(const DiffId& diff_id, const Digest& blob, std::uint64_t size) {
  return {diff_id,
          oci::Descriptor{std::string(oci::media_type::layer_gzip), blob, size, std::nullopt, {}}};
}

std::optional<Commit> find_remembered(store::Store& store, const json::array& name) {
  const auto record = find_record(store, name);
  if (!record) return std::nullopt;
  const JsonObject object(*record, "the record of a commit");
  const Digest blob = Digest::parse(object.string("blob"));
  store.lease().hold(blob);
  const auto size = store.blobs().find_size(blob);
  if (!size || !object.find("time")) return std::nullopt;
  return Commit{make_layer(DiffId::parse(object.string("diff_id")), blob, *size),
                object.integer("time")};
}

/// The last of two variables with one name would not count for everybody, so there is one.
std::vector<std::string> environment_of(const Fetcher& fetcher, const GitAddress& address) {
  std::vector<std::string> environment = fetcher.git_environment;
  if (!fetcher.find_agent || !address.is_behind_ssh()) return environment;
  constexpr std::string_view variable = "SSH_AUTH_SOCK=";
  std::erase_if(environment, [&](const std::string& each) { return each.starts_with(variable); });
  environment.push_back(cat(variable, fetcher.find_agent()));
  return environment;
}

/// A repository's working tree while it is made and read.
class Checkout {
 public:
  Checkout(const Fetcher& fetcher, const context::GitReference& reference,
           const GitAddress& address, const std::stop_token& stop)
      : fetcher_(fetcher),
        reference_(reference),
        address_(address),
        work_(fetcher.store.make_work_directory()),
        git_(address, environment_of(fetcher, address), make_folder("home"),
             make_folder(tree_folder), stop) {}

  const Git& git() const { return git_; }

  void take(const std::string& commit) {
    git_.run({"init", "--quiet", "."});
    git_.run({"remote", "add", "--", "origin", address_.url});
    fetch(commit);
    git_.run({"checkout", "--quiet", "--force", "--detach", commit});
    if (reference_.submodules)
      git_.run({"submodule", "--quiet", "update", "--init", "--recursive", "--depth=1"});
    const std::string time = git_.run({"show", "--no-patch", "--format=%ct", commit});
    commit_time_ = static_cast<std::int64_t>(parse_decimal(trim(time)).value_or(0));
  }

  std::int64_t commit_time() const { return commit_time_; }
  oci::Layer store_layer() const;

 private:
  std::string make_folder(const char* name) const {
    work_.root().make_directory(name, 0700);
    return cat(work_.host_path(), "/", name);
  }

  /// A server may refuse to give what no branch or tag points at; then it is among what they lead
  /// to, or it is not there.
  void fetch(const std::string& commit) const {
    if (git_.find({"fetch", "--quiet", "--depth=1", "--no-tags", "--", "origin", commit})) return;
    git_.run({"fetch", "--quiet", "--tags", "--force", "--", "origin",
              "+refs/heads/*:refs/remotes/origin/*"});
    if (git_.find({"cat-file", "-e", cat(commit, "^{commit}")})) return;
    fail(ErrorKind::not_found, "the repository ", address_.url, " has no commit ", commit);
  }

  Root directory() const;
  Tree make_tree(const FileOrigin& files) const;

  const Fetcher& fetcher_;
  const context::GitReference& reference_;
  const GitAddress& address_;
  store::WorkDirectory work_;
  Git git_;
  std::int64_t commit_time_ = 0;
};

/// No link on the way is followed: what lies behind one is not what the repository says.
Root Checkout::directory() const {
  Root root = work_.root().open_directory(tree_folder);
  for (const std::string_view component : path_components(reference_.subdir)) {
    const auto info = root.find_stat(component);
    if (!info || !S_ISDIR(info->st_mode)) {
      fail(ErrorKind::not_found, to_string(reference_), ": the commit has no directory ",
           quoted(reference_.subdir));
    }
    root = root.open_directory(component);
  }
  return root;
}

/// Whether git made the path for itself. No commit holds such a name.
bool is_of_git(std::string_view path) {
  for (const std::string_view component : path_components(path))
    if (component == git_dir) return true;
  return false;
}

Tree Checkout::make_tree(const FileOrigin& files) const {
  const bool at_checkout = reference_.times == context::GitReference::Times::checkout;
  const std::int64_t time = at_checkout ? to_unix_seconds(now()) : commit_time_;
  std::vector<Entry> entries;
  files.view().walk("", [&](const RootfsView::Found& found) {
    if (!reference_.keep_git_dir && is_of_git(found.entry->path)) return;
    Entry entry = *found.entry;
    if (entry.type == EntryType::hard_link) entry = *files.view().file_of(found).entry;
    entry.path = found.entry->path;
    if (entry.is_directory()) entry.mode = 0755;
    if (entry.is_file()) entry.mode = (entry.mode & 0100) != 0 ? 0755 : 0644;
    entry.mtime = time;
    entries.push_back(std::move(entry));
  });
  return Tree(std::move(entries));
}

oci::Layer Checkout::store_layer() const {
  const auto files = context::open_directory(directory(), {}, fetcher_.pool);
  const auto open = [&](const Entry& entry) {
    auto found = files->view().find(entry.path);
    if (found && found->entry->type == EntryType::hard_link) found = files->view().file_of(*found);
    return files->open(found.value());
  };
  store::NewBlob blob = fetcher_.store.blobs().create();
  WrittenLayer written = write_layer(make_tree(*files), open, blob, Compression{}, fetcher_.pool);
  const Digest digest = blob.commit();
  fetcher_.store.layers().put_tree(written.diff_id, std::move(written.layer));
  return make_layer(written.diff_id, digest, written.blob_size);
}

/// With what the user's secrets say to its server.
GitAddress address_of(const Fetcher& fetcher, const std::string& url, const Watch& watch) {
  const auto parts = split_url(url);
  const auto credential =
      parts ? find_credential(fetcher.secrets, *parts, Wanted::repository) : std::nullopt;
  if (!credential) return make_address(url);
  if (credential->may_be_sent) return make_address(url, credential->authorization);
  watch.tell(cat(mask_credentials(url), " is not encrypted, and the secret ", credential->secret,
                 " not sent there; it is if its id names the host: ", credential->secret, ".",
                 parts->host, parts->port.empty() ? "" : ":", parts->port));
  return make_address(url);
}

}  // namespace

Commit fetch_commit(const Fetcher& fetcher, const context::GitReference& reference,
                    const Watch& watch) {
  const GitAddress address = address_of(fetcher, reference.url, watch);
  Checkout checkout(fetcher, reference, address, watch.stop);
  const std::string commit = resolve_commit(checkout.git(), address, reference);
  watch.tell(cat(to_string(reference), " is commit ", commit));
  const json::array name = record_name(reference, address, commit);
  if (auto known = find_remembered(fetcher.store, name)) return std::move(*known);
  checkout.take(commit);
  oci::Layer layer = checkout.store_layer();
  put_record(fetcher.store, name,
             {{"diff_id", to_string(layer.diff_id)},
              {"blob", to_string(layer.blob.digest)},
              {"time", checkout.commit_time()}});
  return {std::move(layer), checkout.commit_time()};
}

}  // namespace strata::remote
