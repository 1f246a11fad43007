/// The Dockerfile parser. The limit finds each line and copies it once, since a syntax tree owns
/// its text.

#include <cstring>
#include <vector>

#include "pair.hpp"
#include "strata/base/text.hpp"
#include "strata/dockerfile/parse.hpp"

namespace strata::bench {

namespace {

constexpr int stage_count = 100;

/// Every common instruction, flags, continuations, comments, JSON and a heredoc.
std::string stage_text(int number) {
  return cat("# stage ", number, "\nFROM --platform=$BUILDPLATFORM alpine:3.20 AS stage", number,
             "\nARG VERSION=1.2\nENV PATH=/usr/local/bin:$PATH HOME=/root\n"
             "LABEL org.opencontainers.image.title=\"a title\"\nWORKDIR /usr/src/app\n"
             "COPY --chown=1000:1000 package.json package-lock.json ./\n"
             "RUN --mount=type=cache,target=/root/.npm \\\n    apk add --no-cache curl git \\\n"
             "    # for https\n    ca-certificates && npm ci\nCOPY . .\n"
             "RUN <<EOF\nset -e\nmake all\nmake install\nEOF\nEXPOSE 8080/tcp\nUSER 1000\n"
             "ENTRYPOINT [\"node\", \"server.js\"]\nCMD [\"--port\", \"8080\"]\n\n");
}

std::string text_of_stages() {
  std::string text = "# syntax=docker/dockerfile:1\n";
  for (int number = 0; number < stage_count; ++number) text += stage_text(number);
  return text;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const void* end = std::memchr(text.data(), '\n', text.size());
    const std::size_t size =
        end == nullptr ? text.size()
                       : static_cast<std::size_t>(static_cast<const char*>(end) - text.data());
    lines.emplace_back(text.substr(0, size));
    text.remove_prefix(std::min(size + 1, text.size()));
  }
  return lines;
}

}  // namespace

void add_parse_pairs() {
  static const std::string text = text_of_stages();
  const Unit lines{"line", static_cast<double>(lines_of(text).size())};
  add_pair(
      "Dockerfile parsed", lines,
      [] { benchmark::DoNotOptimize(dockerfile::parse(text, "Dockerfile")); },
      [] { benchmark::DoNotOptimize(lines_of(text)); });
}

}  // namespace strata::bench
