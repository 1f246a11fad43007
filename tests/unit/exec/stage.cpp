#include "stage.hpp"

#include <sys/mount.h>

#include <algorithm>
#include <fstream>

#include "strata/base/path.hpp"
#include "strata/content/file_types.hpp"
#include "strata/exec/rootfs.hpp"

namespace strata::exec {

namespace {

class ReadOnlyMount {
 public:
  explicit ReadOnlyMount(const std::vector<std::string>& lowers) {
    // The kernel wants two lower directories at least where there is no upper one.
    std::string options = "lowerdir=";
    for (const std::string& lower : lowers) options += lower + ":";
    options += empty_.path();
    if (::mount("overlay", point_.path().c_str(), "overlay", MS_RDONLY, options.c_str()) != 0)
      fail_errno("cannot mount ", options);
  }
  ~ReadOnlyMount() { ::umount2(point_.path().c_str(), MNT_DETACH); }
  ReadOnlyMount(const ReadOnlyMount&) = delete;
  ReadOnlyMount& operator=(const ReadOnlyMount&) = delete;

  Root root() const { return Root::open(point_.path()); }

 private:
  store::TemporaryDirectory point_;
  store::TemporaryDirectory empty_;
};

struct Walk {
  const Root& root;
  std::vector<Entry> entries;
  std::map<std::pair<dev_t, ino_t>, std::string> names;

  void read(const std::string& directory) {
    for (const std::string& name : root.list(directory)) {
      const std::string path = join_path(directory, name);
      const auto info = root.find_stat(path).value();
      Entry entry = entry_of_file(root, path, info).value();
      if (entry.is_file()) entry = file_or_link(std::move(entry), info);
      entries.push_back(entry);
      if (entry.is_directory()) read(path);
    }
  }

  Entry file_or_link(Entry entry, const struct stat& info) {
    const auto [first, is_first] =
        names.try_emplace(std::pair(info.st_dev, info.st_ino), entry.path);
    if (info.st_nlink > 1 && !is_first)
      return store::entry_of(EntryType::hard_link, entry.path, first->second);
    FdSource bytes(root.open_file(entry.path));
    entry.content = ContentDigest(digest_of(bytes));
    return entry;
  }
};

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

Stage::Stage() : engine{store.store, sandbox, pool, Compression{}, std::nullopt, {}} {}

void Stage::add_base() {
  store::Contents contents;
  for (const char* path : {"bin", "etc", "root", "tmp"})
    contents.push_back(
        {store::directory_entry(path, path == std::string("tmp") ? 01777 : 0755), ""});
  const std::string busybox = read_file("/bin/busybox");
  contents.push_back({store::file_entry("bin/busybox", busybox, 0755), busybox});
  for (const char* name : sandbox::program_names)
    contents.push_back({store::entry_of(EntryType::symlink, cat("bin/", name), "busybox"), ""});
  // As setcap cap_net_raw=ep writes it.
  Entry tool = store::file_entry("bin/tool", "tool", 0755);
  tool.rare.edit().xattrs = {
      {"security.capability", std::string("\1\0\0\2\0\40\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20)}};
  contents.push_back({tool, "tool"});
  const std::string passwd = "root:x:0:0::/root:/bin/sh\nann:x:1000:1001::/home/ann:/bin/sh\n";
  contents.push_back({store::file_entry("etc/passwd", passwd), passwd});
  const std::vector layers{store::put_layer(store.store, contents)};
  rootfs = {layers, store->layers().view(layers)};
}

std::unique_ptr<Operation> Stage::prepare(const plan::Operation& operation,
                                          const EarlyWork* early) {
  step_.operation = operation;
  const auto find_origin = [this](const plan::Origin& origin) { return find_place(origin); };
  return exec::prepare(step_, rootfs, find_origin, engine, early);
}

std::shared_ptr<Place> Stage::find_place(const plan::Origin& origin) {
  const auto* stage = std::get_if<plan::FromStage>(&origin);
  if (stage && stage->stage < others.size()) return open_rootfs(others[stage->stage], store.store);
  return open_context(context);
}

const Tree& Stage::apply(const plan::Operation& operation) {
  const auto prepared = prepare(operation);
  output.clear();
  Reporter reporter;
  reporter.output = [this](sandbox::OutputStream, std::string_view text) { output += text; };
  reporter.progress = [this](std::uint64_t bytes) { progress = bytes; };
  const oci::Layer layer = prepared->execute(reporter, {})->commit();
  const auto tree = store->layers().tree(layer);
  rootfs.add(layer, std::shared_ptr<const Tree>(tree, &tree->tree));
  return tree->tree;
}

plan::RunProcess shell(const std::string& script) {
  plan::RunProcess process;
  process.argv = {"/bin/sh", "-c", script};
  process.env = {"PATH=/bin"};
  process.working_dir = "/";
  return process;
}

const Tree& Stage::run(const std::string& script) { return apply(shell(script)); }
const Tree& Stage::run(plan::RunProcess process) { return apply(std::move(process)); }
const Tree& Stage::copy(plan::CopyFiles copy) { return apply(std::move(copy)); }

Tree mounted_tree(const std::vector<std::string>& lowers) {
  const ReadOnlyMount mount(lowers);
  const Root root = mount.root();
  Walk walk{root, {}, {}};
  walk.read("");
  return Tree(std::move(walk.entries));
}

Tree mounted_tree(Stage& stage) {
  return mounted_tree(overlay_lowers(stage.rootfs, stage.store.store, stage.pool));
}

void forget_unpacked(const Stage& stage) {
  const Root& root = stage.store.store.root();
  for (const std::string& name : root.list("unpacked")) root.remove(cat("unpacked/", name));
}

}  // namespace strata::exec
