#pragma once
/// The commands: a table of names, each with its syntax and its function.

#include <span>
#include <string_view>

#include "arguments.hpp"
#include "session.hpp"

namespace strata::cli {

struct Command {
  std::string_view name;     ///< "build", "image ls": as typed, one blank between words
  std::string_view summary;  ///< for the list of commands
  Syntax (*syntax)();
  /// Returns the exit status.
  int (*run)(Session& session, const Arguments& arguments);
  /// Another name of a command that stands above it in the table; not listed in the help.
  bool alias = false;
};

/// In the order in which the help lists them.
std::span<const Command> commands();

// One function pair per command, each in the file of its subject.
Syntax build_syntax();
int run_build(Session& session, const Arguments& arguments);
Syntax parse_syntax();
int run_parse(Session& session, const Arguments& arguments);
Syntax plan_syntax();
int run_plan(Session& session, const Arguments& arguments);

Syntax images_syntax();
int run_images(Session& session, const Arguments& arguments);
Syntax history_syntax();
int run_history(Session& session, const Arguments& arguments);
Syntax inspect_syntax();
int run_inspect(Session& session, const Arguments& arguments);
Syntax tag_syntax();
int run_tag(Session& session, const Arguments& arguments);
Syntax rmi_syntax();
int run_rmi(Session& session, const Arguments& arguments);

Syntax df_syntax();
int run_df(Session& session, const Arguments& arguments);
Syntax prune_syntax();
int run_prune(Session& session, const Arguments& arguments);
Syntax verify_syntax();
int run_verify(Session& session, const Arguments& arguments);

Syntax cache_export_syntax();
int run_cache_export(Session& session, const Arguments& arguments);
Syntax cache_import_syntax();
int run_cache_import(Session& session, const Arguments& arguments);

Syntax load_syntax();
int run_load(Session& session, const Arguments& arguments);
Syntax save_syntax();
int run_save(Session& session, const Arguments& arguments);
Syntax import_syntax();
int run_import(Session& session, const Arguments& arguments);

Syntax pull_syntax();
int run_pull(Session& session, const Arguments& arguments);
Syntax push_syntax();
int run_push(Session& session, const Arguments& arguments);
Syntax login_syntax();
int run_login(Session& session, const Arguments& arguments);
Syntax logout_syntax();
int run_logout(Session& session, const Arguments& arguments);

Syntax run_syntax();
int run_run(Session& session, const Arguments& arguments);
Syntax ps_syntax();
int run_ps(Session& session, const Arguments& arguments);
Syntax diff_syntax();
int run_diff(Session& session, const Arguments& arguments);
Syntax rm_syntax();
int run_rm(Session& session, const Arguments& arguments);

Syntax version_syntax();
int run_version(Session& session, const Arguments& arguments);

}  // namespace strata::cli
