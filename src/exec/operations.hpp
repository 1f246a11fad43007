#pragma once
/// The three steps that make layers, each behind the Operation that `prepare` gives out. `step` and
/// `parent` must outlive what is made.

#include "strata/exec/operation.hpp"

namespace strata::exec {

std::unique_ptr<Operation> prepare_copy(const plan::CopyFiles& step, const Rootfs& parent,
                                        const FindOrigin& find_origin, Engine& engine,
                                        const EarlyWork* early);
std::unique_ptr<Operation> prepare_run(const plan::RunProcess& step, const Rootfs& parent,
                                       const FindOrigin& find_origin, Engine& engine);
std::unique_ptr<Operation> prepare_directory(const plan::MakeDirectory& step, const Rootfs& parent,
                                             Engine& engine);

}  // namespace strata::exec
