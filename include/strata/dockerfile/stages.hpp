#pragma once
/// A File cut into stages, and the structure checked.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "strata/dockerfile/finding.hpp"

namespace strata::dockerfile {

inline constexpr std::size_t stage_count_max = 1000;

/// FROM and what follows it up to the next one. Points into the File, which must outlive it and not
/// be moved.
struct Stage {
  int index = 0;
  std::string name;                     ///< lower case; empty without AS
  std::string written_name;             ///< as in the file
  std::string image;                    ///< the word after FROM, unexpanded
  std::optional<std::string> platform;  ///< --platform, unexpanded
  const Instruction* from = nullptr;
  std::vector<const Instruction*> instructions;  ///< without the FROM
};

struct Stages {
  std::vector<const Instruction*> global_args;  ///< the ARGs before the first FROM
  std::vector<Stage> stages;                    ///< at least one

  /// By name in any case (the last stage of that name), else by index in decimal.
  const Stage* find(std::string_view name_or_index) const;
  /// As `find`, among the stages before `index` only: what COPY --from and FROM may name.
  const Stage* find_before(int index, std::string_view name_or_index) const;
};

/// True for a lower-case name that AS may give.
bool is_stage_name(std::string_view name);

/// All structural mistakes of a file: unknown instructions, anything but ARG before the first FROM,
/// and for each instruction what `check_instruction` says. In order of lines.
std::vector<Finding> check_structure(const File& file);

/// Throws SourceError with everything that `check_structure` finds.
Stages split_stages(const File& file);

}  // namespace strata::dockerfile
