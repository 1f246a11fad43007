#include "strata/dockerfile/file.hpp"

#include <algorithm>
#include <array>

#include "strata/base/text.hpp"

namespace strata::dockerfile {
namespace {

constexpr std::array<std::string_view, 18> keywords = {
    "ADD",    "ARG",   "CMD",         "COPY",  "ENTRYPOINT", "ENV",
    "EXPOSE", "FROM",  "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD",
    "RUN",    "SHELL", "STOPSIGNAL",  "USER",  "VOLUME",     "WORKDIR",
};

constexpr std::array<std::string_view, 8> forms = {
    "shell", "json", "words", "pairs", "string", "onbuild", "none", "unknown",
};

}  // namespace

std::string_view keyword_name(Keyword keyword) {
  return keywords.at(static_cast<std::size_t>(keyword));
}

std::optional<Keyword> find_keyword(std::string_view text) {
  // The longest keyword has 11 letters; a long text need not be copied to know it is none.
  if (text.size() > 11) return std::nullopt;
  const auto found = std::find(keywords.begin(), keywords.end(), to_upper(text));
  if (found == keywords.end()) return std::nullopt;
  return static_cast<Keyword>(found - keywords.begin());
}

const std::vector<std::string>& keyword_names() {
  static const std::vector<std::string> names(keywords.begin(), keywords.end());
  return names;
}

std::string_view form_name(Form form) { return forms.at(static_cast<std::size_t>(form)); }

std::string flag_text(const Flag& flag) {
  return flag.value ? cat("--", flag.name, "=", *flag.value) : cat("--", flag.name);
}

bool Instruction::operator==(const Instruction& other) const {
  const bool same_sub = sub && other.sub ? *sub == *other.sub : sub == other.sub;
  return same_sub && keyword == other.keyword && keyword_text == other.keyword_text &&
         lines == other.lines && original == other.original && flags == other.flags &&
         form == other.form && args == other.args && pairs == other.pairs &&
         heredocs == other.heredocs && comments == other.comments;
}

std::optional<std::string> find_directive(const File& file, std::string_view name) {
  for (const Directive& directive : file.directives) {
    if (directive.name == name) return directive.value;
  }
  return std::nullopt;
}

}  // namespace strata::dockerfile
