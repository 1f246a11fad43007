/// WORKDIR as a step: makes the directory and those above it that are missing.

#include "draft.hpp"
#include "operations.hpp"
#include "placement.hpp"
#include "strata/base/error.hpp"
#include "strata/exec/rootfs.hpp"

namespace strata::exec {

namespace {

class DirectoryOperation : public Operation {
 public:
  DirectoryOperation(const plan::MakeDirectory& step, const Rootfs& parent, Engine& engine);

  const plan::Ingredients& ingredients() const override { return ingredients_; }
  const Tree* files() override { return &tree_; }
  std::unique_ptr<Draft> execute(const Reporter& reporter, std::stop_token stop) override;

 private:
  Engine& engine_;
  Tree tree_;
  plan::Ingredients ingredients_;
};

/// Root is 0:0 whatever /etc/passwd says, so a cached build need not open the layer that has it. A
/// user who is not there matters only to the RUN that needs one.
Owner owner_of(const std::string& user, const Rootfs& rootfs, const store::Store& store) {
  if (user.empty()) return {};
  return resolve_owner(user, make_reader(rootfs, store), UnknownName::root);
}

/// A directory that is there already is left alone: the layer is then empty. New ones have the
/// epoch's time or 1970's, so that the same instruction gives the same layer.
DirectoryOperation::DirectoryOperation(const plan::MakeDirectory& step, const Rootfs& parent,
                                       Engine& engine)
    : engine_(engine) {
  Placement placement(parent.view());
  const std::string path = placement.resolve(step.path);
  if (!placement.is_directory(path)) {
    placement.make_directories(path, {owner_of(step.user, parent, engine.store)});
    tree_ = std::move(placement).finish(newest_mtime(engine).value_or(0)).tree();
  }
  ingredients_.add("path", step.path);
  ingredients_.add("owner", step.user);
  ingredients_.add("files", to_string(tree_digest(tree_, CompareTimes::no)));
}

std::unique_ptr<Draft> DirectoryOperation::execute(const Reporter& reporter, std::stop_token stop) {
  const auto open = [](const Entry&) -> std::unique_ptr<Source> {
    fail(ErrorKind::system, "WORKDIR writes directories only");
  };
  return write_draft(tree_, open, engine_, reporter, stop);
}

}  // namespace

std::unique_ptr<Operation> prepare_directory(const plan::MakeDirectory& step, const Rootfs& parent,
                                             Engine& engine) {
  return std::make_unique<DirectoryOperation>(step, parent, engine);
}

}  // namespace strata::exec
