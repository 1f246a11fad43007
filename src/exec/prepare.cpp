/// Which operation does a step: the one place that knows all kinds.

#include "operations.hpp"
#include "strata/base/error.hpp"

namespace strata::exec {

namespace {

struct Prepare {
  const Rootfs& parent;
  const FindOrigin& find_origin;
  Engine& engine;
  const EarlyWork* early;

  std::unique_ptr<Operation> operator()(const plan::CopyFiles& step) const {
    return prepare_copy(step, parent, find_origin, engine, early);
  }
  std::unique_ptr<Operation> operator()(const plan::RunProcess& step) const {
    return prepare_run(step, parent, find_origin, engine);
  }
  std::unique_ptr<Operation> operator()(const plan::MakeDirectory& step) const {
    return prepare_directory(step, parent, engine);
  }
  std::unique_ptr<Operation> operator()(const plan::EditConfig&) const {
    fail(ErrorKind::system, "a step that changes the config alone has no files to work on");
  }
};

}  // namespace

std::unique_ptr<Operation> prepare(const plan::Step& step, const Rootfs& parent,
                                   const FindOrigin& find_origin, Engine& engine,
                                   const EarlyWork* early) {
  return std::visit(Prepare{parent, find_origin, engine, early}, step.operation);
}

}  // namespace strata::exec
