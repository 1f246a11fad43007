#include "plan/instructions.hpp"

#include <algorithm>
#include <array>

namespace strata::plan {

namespace {

using dockerfile::Keyword;

struct Row {
  Keyword keyword;
  InstructionPlanner planner;
};

constexpr std::array<Row, 17> table = {{
    {Keyword::add, plan_add},
    {Keyword::arg, plan_arg},
    {Keyword::cmd, plan_cmd},
    {Keyword::copy, plan_copy},
    {Keyword::entrypoint, plan_entrypoint},
    {Keyword::env, plan_env},
    {Keyword::expose, plan_expose},
    {Keyword::healthcheck, plan_healthcheck},
    {Keyword::label, plan_label},
    {Keyword::maintainer, plan_maintainer},
    {Keyword::onbuild, plan_onbuild},
    {Keyword::run, plan_run},
    {Keyword::shell, plan_shell},
    {Keyword::stopsignal, plan_stopsignal},
    {Keyword::user, plan_user},
    {Keyword::volume, plan_volume},
    {Keyword::workdir, plan_workdir},
}};

}  // namespace

InstructionPlanner planner_of(Keyword keyword) {
  const auto row = std::find_if(table.begin(), table.end(),
                                [&](const Row& candidate) { return candidate.keyword == keyword; });
  return row == table.end() ? nullptr : row->planner;
}

}  // namespace strata::plan
