#pragma once
/// One step made ready. `prepare` finds out all that the step depends on without running or writing
/// anything; `execute` does it. In between stands the cache.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "strata/base/span_log.hpp"
#include "strata/base/time.hpp"
#include "strata/base/worker_pool.hpp"
#include "strata/content/compression.hpp"
#include "strata/content/file_origin.hpp"
#include "strata/content/layer_blob.hpp"
#include "strata/exec/agent.hpp"
#include "strata/exec/place.hpp"
#include "strata/oci/image.hpp"
#include "strata/plan/ingredients.hpp"
#include "strata/plan/step.hpp"
#include "strata/sandbox/run.hpp"
#include "strata/store/store.hpp"

namespace strata::exec {

/// What the user gives steps of his own, by the ids that mounts name.
struct Offers {
  std::map<std::string, std::string> secrets;  ///< the bytes
  std::map<std::string, std::shared_ptr<Agent>> agents;
};

/// What steps' processes may use up.
struct Limits {
  std::vector<sandbox::ResourceLimit> resources;
  std::optional<std::uint64_t> shm_size_max;  ///< bytes in /dev/shm; nothing: the usual 64 MiB
};

/// What operations work with. Everything is borrowed and outlives the build.
struct Engine {
  store::Store& store;
  sandbox::Sandbox& sandbox;
  WorkerPool& pool;
  Compression compression;
  /// SOURCE_DATE_EPOCH: no file of a new layer is newer than this.
  std::optional<Time> epoch;
  std::vector<std::pair<std::string, std::string>> extra_hosts;
  Offers offers = {};
  Limits limits = {};
  /// Where specifications of devices lie on the host; a later directory counts more.
  std::vector<std::string> device_directories = {"/etc/cdi", "/var/run/cdi"};
  /// Fills the empty directory of a new cache mount with what another machine has of it; false, and
  /// it is still empty, if there is nothing. May be empty.
  std::function<bool(const Digest& id, const Root& data)> fetch_cache_mount = {};
};

/// The file system that a step finds: its layers, base first.
class Rootfs {
 public:
  Rootfs() = default;
  /// `view` shows the trees of `layers`.
  Rootfs(std::vector<oci::Layer> layers, RootfsView view);

  /// Lays one more on top.
  void add(const oci::Layer& layer, LazyTree tree);

  const std::vector<oci::Layer>& layers() const { return layers_; }
  const RootfsView& view() const { return view_; }
  /// Of all layers; nothing for the empty root of scratch.
  const std::optional<ChainId>& chain() const { return chain_; }

 private:
  std::vector<oci::Layer> layers_;
  RootfsView view_;
  std::optional<ChainId> chain_;
};

/// Gives the place that a step takes files from; looked up by the step's Origin.
using FindOrigin = std::function<std::shared_ptr<Place>(const plan::Origin&)>;

/// Trees of files, by the names of ingredients that they decide.
using NamedTrees = std::map<std::string, Tree>;

/// Where a running step tells what it does. Called in the thread that executes.
struct Reporter {
  std::function<void(sandbox::OutputStream, std::string_view)> output;
  /// Bytes of files taken up so far.
  std::function<void(std::uint64_t bytes)> progress;
  SpanScope spans = {};  ///< where the parts of its work are noted
};

/// A layer that is written but has no name yet. Dropping it leaves nothing behind.
class Draft {
 public:
  virtual ~Draft() = default;
  /// Until `commit`, which gives it to the store.
  virtual const LayerTree& layer() const = 0;
  virtual const DiffId& diff_id() const = 0;
  /// How many bytes of its blob the step's last layer had.
  virtual std::uint64_t reused_size() const = 0;
  /// Stores blob, tree and, if the step made one, the unpacked form.
  virtual oci::Layer commit() = 0;
};

class Operation {
 public:
  virtual ~Operation() = default;

  /// What the result depends on; see DESIGN §6 for each kind of step.
  virtual const plan::Ingredients& ingredients() const = 0;
  /// The files a COPY would write, as entries with their content digests, to tell which one
  /// changed; null for other steps. Made when it is first asked for; `execute` uses it up.
  virtual const Tree* files() { return nullptr; }
  /// What tree_digest without times will say of the layer; nothing where only executing tells, or
  /// has been done already.
  virtual std::optional<Digest> content() const { return std::nullopt; }
  /// What the sources of mounts hold, for the same; null for other steps than RUN.
  virtual const NamedTrees* sources() const { return nullptr; }
  /// Says before `execute` what the step gave when it was done last: parts of that may serve again.
  virtual void take_earlier(const oci::Layer& layer) { (void)layer; }
  /// Throws Error step_failed if the step's own process failed.
  virtual std::unique_ptr<Draft> execute(const Reporter& reporter, std::stop_token stop) = 0;
};

/// What a step may use that does its work before its key is known.
struct EarlyWork {
  const Reporter& reporter;
  std::stop_token stop;
};

/// Makes a file-system step ready on top of `parent`, which must outlive the operation, as must
/// `step`. Errors about files (a source that is not there) come from here. Not for EditConfig.
/// `early`, which may be null, says that the cache will hardly know the step: one that has to read
/// its files for the key writes its layer meanwhile, and `execute` hands that out.
std::unique_ptr<Operation> prepare(const plan::Step& step, const Rootfs& parent,
                                   const FindOrigin& find_origin, Engine& engine,
                                   const EarlyWork* early = nullptr);

/// The files of a stage or an image.
std::shared_ptr<Place> open_rootfs(const Rootfs& rootfs, store::Store& store);
/// The files of a build context, which all count as root's.
std::shared_ptr<Place> open_context(std::shared_ptr<FileOrigin> files);

}  // namespace strata::exec
