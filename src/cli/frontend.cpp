#include "frontend.hpp"

#include "strata/base/text.hpp"
#include "strata/dockerfile/parse.hpp"

namespace strata::cli {

namespace {

constexpr std::string_view frontend_argument = "BUILDKIT_SYNTAX";
constexpr std::string_view hub = "docker.io/";
constexpr std::string_view known_frontend = "docker/dockerfile";

}  // namespace

std::optional<std::string> frontend_warning(const dockerfile::File& file,
                                            const plan::Options& options) {
  const auto argument = options.build_args.find(std::string(frontend_argument));
  const bool given = argument != options.build_args.end();
  const auto frontend =
      given ? std::optional(argument->second) : dockerfile::detect_syntax(file.text);
  if (!frontend || frontend->empty()) return std::nullopt;
  std::string_view name = *frontend;
  if (name.starts_with(hub)) name.remove_prefix(hub.size());
  if (name.starts_with(known_frontend)) return std::nullopt;
  return cat("warning: the frontend ", quoted(*frontend), " that ",
             given ? std::string(frontend_argument) : "# syntax=",
             " asks for is not fetched: the file is read as a Dockerfile");
}

}  // namespace strata::cli
