#pragma once
/// A stage being built step by step in a store of its own, on a base of busybox; and what the
/// kernel shows of it when its layers are mounted.

#include <map>
#include <string>
#include <vector>

#include "strata/exec/operation.hpp"
#include "unit/sandbox/busybox_root.hpp"
#include "unit/store/temporary_store.hpp"

namespace strata::exec {

class Stage {
 public:
  Stage();

  void add_base();
  /// Prepares, executes and commits; the result is on top of `rootfs` afterwards.
  const Tree& apply(const plan::Operation& operation);
  const Tree& run(const std::string& script);
  const Tree& run(plan::RunProcess process);
  const Tree& copy(plan::CopyFiles copy);

  std::unique_ptr<Operation> prepare(const plan::Operation& operation,
                                     const EarlyWork* early = nullptr);

  /// The files of a directory of the host become the context.
  std::shared_ptr<FileOrigin> context;
  /// What FromStage means, by index; where there is none it means the context, as all else does.
  std::vector<Rootfs> others;

  store::TemporaryStore store;
  sandbox::Sandbox sandbox;
  WorkerPool pool{2};
  Engine engine;
  Rootfs rootfs;
  std::string output;
  std::uint64_t progress = 0;

 private:
  std::shared_ptr<Place> find_place(const plan::Origin& origin);

  plan::Step step_;
};

/// RUN /bin/sh -c script, with a PATH.
plan::RunProcess shell(const std::string& script);

/// The tree of all that the kernel shows when these directories (topmost first) are laid over each
/// other. Names of one file are hard links to the first.
Tree mounted_tree(const std::vector<std::string>& lowers);

/// The tree that the stage's unpacked layers show when mounted.
Tree mounted_tree(Stage& stage);

/// Deletes the unpacked forms, so that they are made again from the blobs.
void forget_unpacked(const Stage& stage);

}  // namespace strata::exec
