#include "run_mounts.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "place_part.hpp"
#include "strata/base/error.hpp"
#include "strata/base/text.hpp"
#include "strata/oci/image_config.hpp"

namespace strata::exec {

namespace {

constexpr std::uint32_t cache_mode = 0755;

void set_look(int fd, std::uint32_t mode, std::uint32_t uid, std::uint32_t gid) {
  // Owner before mode: a change of owner clears set-id bits.
  if (fchown(fd, uid, gid) != 0 || fchmod(fd, mode) != 0)
    fail_errno("set owner and mode of a mount");
}

void dress(const std::string& host_path, const Entry& directory) {
  const Root root = Root::open(host_path);
  set_look(root.fd(), directory.mode, directory.uid, directory.gid);
  const timespec times[2] = {{0, UTIME_OMIT}, {static_cast<time_t>(directory.mtime), 0}};
  if (futimens(root.fd(), times) != 0) fail_errno("set the time of a mount");
}

store::CacheSharing sharing_of(plan::CacheMount::Sharing sharing) {
  switch (sharing) {
    case plan::CacheMount::Sharing::private_copy:
      return store::CacheSharing::private_copy;
    case plan::CacheMount::Sharing::locked:
      return store::CacheSharing::locked;
    case plan::CacheMount::Sharing::shared:
      break;
  }
  return store::CacheSharing::shared;
}

/// Everything that tells one cache from another. What it begins with is among it, so that a step
/// never finds the beginnings of an older base.
Digest cache_id(const plan::CacheMount& cache, const std::optional<MountSource>& source) {
  plan::Ingredients parts;
  parts.add("id", cache.id);
  parts.add("mode", cat(cache.mode.value_or(cache_mode)));
  parts.add("owner", cat(cache.uid.value_or(0), ':', cache.gid.value_or(0)));
  if (source) parts.add("filled", to_string(tree_digest(source->part.tree, CompareTimes::no)));
  return parts.key().digest();
}

/// Without a namespace, the id alone.
std::string cache_name(const plan::CacheMount& cache) {
  return cache.id.starts_with('/') ? cache.id.substr(1) : cache.id;
}

class MountMaker {
 public:
  MountMaker(const store::WorkDirectory& work, Engine& engine, const Reporter& reporter,
             const std::stop_token& stop, sandbox::Spec& spec)
      : work_(work), engine_(engine), reporter_(reporter), stop_(stop), spec_(spec) {}

  void hold_caches(const plan::RunProcess& step, const MountSources& sources);
  void make(const plan::Mount& mount, const std::optional<MountSource>& source);
  HeldMounts finish() { return std::move(held_); }

 private:
  struct MakeKind {
    MountMaker& maker;
    const std::string& target;
    const std::optional<MountSource>& source;
    template <class Kind>
    void operator()(const Kind& kind) const {
      maker.make_kind(kind, target, source);
    }
  };

  void make_kind(const plan::BindMount& bind, const std::string& target,
                 const std::optional<MountSource>& source);
  void make_kind(const plan::CacheMount& cache, const std::string& target,
                 const std::optional<MountSource>& source);
  void make_kind(const plan::TmpfsMount& tmpfs, const std::string& target,
                 const std::optional<MountSource>&);
  void make_kind(const plan::SecretMount& secret, const std::string& target,
                 const std::optional<MountSource>&);
  void make_kind(const plan::AgentMount& agent, const std::string& target,
                 const std::optional<MountSource>&);

  store::CacheMountWish wish_for(const plan::CacheMount& cache,
                                 const std::optional<MountSource>& source) const;
  void fill(const plan::CacheMount& cache, const std::optional<MountSource>& source,
            const Root& data) const;
  /// A new directory for the step's life, and its host path.
  std::string make_directory(std::string_view purpose);

  const store::WorkDirectory& work_;
  Engine& engine_;
  const Reporter& reporter_;
  const std::stop_token& stop_;
  sandbox::Spec& spec_;
  HeldMounts held_;
  int serial_ = 0;
};

std::string MountMaker::make_directory(std::string_view purpose) {
  const std::string name = cat("mount", serial_++, ".", purpose);
  work_.root().make_directory(name, 0755);
  return cat(work_.host_path(), "/", name);
}

// Each once and in the order of their ids, so that two steps never wait for each other.
void MountMaker::hold_caches(const plan::RunProcess& step, const MountSources& sources) {
  std::map<Digest, store::CacheMountWish> wishes;
  for (std::size_t i = 0; i < step.mounts.size(); ++i) {
    const auto* cache = std::get_if<plan::CacheMount>(&step.mounts[i].kind);
    if (!cache) continue;
    store::CacheMountWish wish = wish_for(*cache, sources[i]);
    const auto [known, is_new] = wishes.try_emplace(wish.id, wish);
    if (!is_new) known->second.sharing = std::max(known->second.sharing, wish.sharing);
  }
  for (const auto& [id, wish] : wishes)
    held_.caches.emplace(id, engine_.store.cache_mounts().hold(wish, stop_));
}

store::CacheMountWish MountMaker::wish_for(const plan::CacheMount& cache,
                                           const std::optional<MountSource>& source) const {
  const std::string name = cache_name(cache);
  return {cache_id(cache, source), name, sharing_of(cache.sharing),
          [this, &cache, &source](const Root& data) { fill(cache, source, data); },
          [this, name] {
            if (reporter_.output)
              reporter_.output(sandbox::OutputStream::err,
                               cat("waiting for the cache mount ", quoted(name),
                                   ", which another step is working with\n"));
          }};
}

void MountMaker::fill(const plan::CacheMount& cache, const std::optional<MountSource>& source,
                      const Root& data) const {
  if (engine_.fetch_cache_mount && engine_.fetch_cache_mount(cache_id(cache, source), data)) return;
  if (source) {
    if (!source->part.is_directory)
      fail(ErrorKind::dockerfile, quoted("/" + source->part.path),
           " is a file; a cache mount can be filled from a directory only");
    write_part(*source->place, source->part, data, stop_);
    if (!cache.mode && !cache.uid && !cache.gid) return;
  }
  set_look(data.fd(), cache.mode.value_or(cache_mode), cache.uid.value_or(0),
           cache.gid.value_or(0));
}

void MountMaker::make(const plan::Mount& mount, const std::optional<MountSource>& source) {
  try {
    std::visit(MakeKind{*this, mount.target, source}, mount.kind);
  } catch (Error& error) {
    throw error.note(cat("while preparing the mount on ", quoted(mount.target)));
  }
}

// The topmost directory is what is seen of the layers' root. An overlay that nobody may write to
// needs two directories at least, hence the empty one at the bottom.
void MountMaker::make_kind(const plan::BindMount& bind, const std::string& target,
                           const std::optional<MountSource>& source) {
  ShownPart shown = source->place->show(source->part, engine_, stop_);
  const std::string top = make_directory("top");
  const Entry* root = source->part.tree.find("");
  if (root && root->is_directory()) dress(top, *root);

  sandbox::Mount& mount = spec_.mounts.emplace_back();
  mount.kind = sandbox::Mount::Kind::layers;
  mount.target = target;
  mount.read_only = bind.read_only;
  mount.subpath = std::move(shown.subpath);
  mount.layers.lowers = std::move(shown.lowers);
  mount.layers.lowers.push_back(make_directory("bottom"));
  if (bind.read_only) {
    mount.layers.lowers.insert(mount.layers.lowers.begin(), top);
  } else {
    mount.layers.upper = top;
    mount.layers.work = make_directory("work");
  }
}

void MountMaker::make_kind(const plan::CacheMount& cache, const std::string& target,
                           const std::optional<MountSource>& source) {
  const Root& data = held_.caches.at(cache_id(cache, source)).data();
  const std::string inside = source ? std::string() : cache.source;
  auto directory = data.find_file(inside, O_PATH | O_DIRECTORY);
  if (!directory)
    fail(ErrorKind::not_found, "the cache ", quoted(cache_name(cache)), " has no directory ",
         quoted(inside), "; make it in an earlier step, or fill the cache with from=");
  sandbox::Mount& mount = spec_.mounts.emplace_back();
  mount.target = target;
  mount.read_only = cache.read_only;
  mount.source_fd = held_.directories.emplace_back(std::move(*directory)).get();
}

void MountMaker::make_kind(const plan::TmpfsMount& tmpfs, const std::string& target,
                           const std::optional<MountSource>&) {
  sandbox::Mount& mount = spec_.mounts.emplace_back();
  mount.kind = sandbox::Mount::Kind::tmpfs;
  mount.target = target;
  mount.mode = 01777;
  mount.size_max = tmpfs.size_max;
  mount.read_only = tmpfs.read_only;
}

void MountMaker::make_kind(const plan::SecretMount& secret, const std::string& target,
                           const std::optional<MountSource>&) {
  const auto found = engine_.offers.secrets.find(secret.id);
  if (found == engine_.offers.secrets.end()) return;
  if (!secret.variable.empty()) {
    if (found->second.find('\0') != std::string::npos)
      fail(ErrorKind::usage, "the secret ", quoted(secret.id),
           " contains a zero byte, which no variable can have; mount it as a file");
    oci::set_env(spec_.env, secret.variable, found->second);
  }
  if (target.empty()) return;
  sandbox::Mount& mount = spec_.mounts.emplace_back();
  mount.kind = sandbox::Mount::Kind::file;
  mount.target = target;
  mount.content = found->second;
  mount.read_only = mount.no_exec = true;
  mount.mode = secret.mode;
  mount.uid = secret.uid;
  mount.gid = secret.gid;
}

void MountMaker::make_kind(const plan::AgentMount& agent, const std::string& target,
                           const std::optional<MountSource>&) {
  const auto found = engine_.offers.agents.find(agent.id);
  if (found == engine_.offers.agents.end()) return;
  constexpr const char* name = "agent";
  const Root directory = Root::open(make_directory("ssh"));
  held_.relays.push_back(
      std::make_unique<AgentRelay>(directory, name, found->second->socket(engine_.store)));
  // The directory is the engine's alone, and the socket in it no link.
  if (fchownat(directory.fd(), name, agent.uid, agent.gid, AT_SYMLINK_NOFOLLOW) != 0 ||
      fchmodat(directory.fd(), name, agent.mode, 0) != 0)
    fail_errno("set owner and mode of the ssh agent's socket");
  sandbox::Mount& mount = spec_.mounts.emplace_back();
  mount.target = target;
  mount.source_fd = held_.directories.emplace_back(directory.open_file(name, O_PATH)).get();
}

}  // namespace

HeldMounts set_up_mounts(const plan::RunProcess& step, const MountSources& sources,
                         const store::WorkDirectory& work, Engine& engine, const Reporter& reporter,
                         const std::stop_token& stop, sandbox::Spec& spec) {
  MountMaker maker(work, engine, reporter, stop, spec);
  maker.hold_caches(step, sources);
  for (std::size_t i = 0; i < step.mounts.size(); ++i) maker.make(step.mounts[i], sources[i]);
  return maker.finish();
}

}  // namespace strata::exec
