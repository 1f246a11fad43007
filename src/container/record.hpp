#pragma once
/// A container's record: container.json in its folder. One line of JSON, replaced as a whole
/// whenever something happens to the container:
///
///   {"version": 1, "name": …, "image_name": …, "command": […], "created": TIME,
///    "started": TIME, "finished": TIME, "exit_code": N, "oom_killed": BOOL, "runner": PID,
///    "wishes": {…}}
///
/// What has not happened yet is absent. Id and image are the folder's; the state is not written
/// down, since a process that is killed cannot do that.

#include <optional>
#include <string>

#include "strata/container/container.hpp"

namespace strata::container {

inline constexpr const char* record_name = "container.json";

std::string encode_record(const Container& container);
/// Without the state. Error corrupt names the record's file.
Container decode_record(std::string_view text, const store::ContainerFolder& folder);

/// Nothing if the container has none (its creator was killed, or it is gone).
std::optional<Container> find_record(const store::ContainerFolder& folder);
/// Replaces the record in one step.
void write_record(const Container& container);

}  // namespace strata::container
