#pragma once
/// The state of a stage while its instructions are planned one after the other.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plan/arguments.hpp"
#include "plan/env_index.hpp"
#include "plan/outline.hpp"
#include "strata/base/utf8.hpp"
#include "strata/plan/plan.hpp"

namespace strata::plan {

/// What a stage leaves to the stages that stand on it.
struct PlannedStage {
  Stage stage;
  StageArguments arguments;
};

/// Where the stages planned so far stand in the plan, by their index in the file.
using StageIndexes = std::map<std::size_t, std::size_t>;

/// Plans one stage. The planners of single instructions (instructions.hpp) read and change the
/// state through it. Borrows all that it is made from.
class StagePlanner {
 public:
  /// `base` is the planned stage that this one stands on; null for images and scratch.
  StagePlanner(const Outline& outline, const PlannedStage* base, const StageIndexes& indexes,
               const Sources& sources);

  /// All steps: the base's triggers, then the stage's own instructions.
  PlannedStage plan();

  // For the planners of instructions.

  /// Its `env` and `labels` are read here and changed by `set_env` and `set_label` alone.
  oci::RunConfig& config() { return config_; }
  std::optional<std::string> find_env(std::string_view name) const { return env_.find(name); }
  void set_env(std::string_view name, std::string_view value) {
    env_.set(valid_utf8(name), valid_utf8(value));
  }
  void set_label(std::string_view name, std::string_view value) {
    config_.labels[valid_utf8(name)] = valid_utf8(value);
  }
  const Options& options() const { return sources_.options; }
  const GlobalArguments& globals() const { return sources_.globals; }
  StageArguments& arguments() { return planned_.arguments; }
  const oci::Platform& platform() const { return planned_.stage.platform; }
  char escape() const { return escape_; }
  void set_author(std::string author) { planned_.stage.author = std::move(author); }
  /// Whether this stage has said CMD, so that its ENTRYPOINT leaves it alone.
  bool has_own_cmd() const { return has_own_cmd_; }
  void note_own_cmd() { has_own_cmd_ = true; }

  /// Sees ENV, and ARG where no ENV has the name, as they are when it is asked: what it expands for
  /// one instruction is all expanded before that instruction sets anything. Borrows this.
  dockerfile::Expander expander() const;
  /// The absolute form of a path relative to WORKDIR.
  std::string absolute(std::string_view path) const;
  /// SHELL, then the text.
  std::vector<std::string> shell_command(const std::string& text) const;
  /// What COPY --from means.
  Origin find_origin(const std::string& name);
  /// What RUN --mount=from means, where a number is no stage's index.
  Origin find_mount_origin(const std::string& name);

  /// Notes a mistake of the instruction at hand that keeps nothing from being planned.
  void report(const std::string& message, std::string suggestion);

  /// Does a part of the work; what it throws is noted as a mistake of the instruction at hand, and
  /// false returned.
  bool attempt(const std::function<void()>& part) {
    return sources_.findings.attempt(instruction_->lines, part, about_);
  }
  /// Counts what the step at hand takes besides what its history says; see PlanSize.
  void note_size(std::size_t bytes) { sources_.size.add(bytes); }
  /// Adds a step for the instruction at hand.
  void add_step(Operation operation, std::string created_by);
  /// Adds an EditConfig step; `words` are all that the instruction says, expanded.
  void add_edit(const std::vector<std::string>& words, std::string created_by);

 private:
  void begin(const PlannedStage* base);
  void plan_instruction(const dockerfile::Instruction& instruction, std::string_view about);

  const Outline& outline_;
  const StageIndexes& indexes_;
  const Sources& sources_;
  PlannedStage planned_;
  oci::RunConfig config_;
  EnvIndex env_{config_.env};
  bool has_own_cmd_ = false;
  char escape_ = '\\';
  const dockerfile::Instruction* instruction_ = nullptr;  ///< the one at hand
  std::string_view about_;                                ///< what findings about it begin with
};

}  // namespace strata::plan
