#include "container/names.hpp"

#include <array>
#include <charconv>

#include "strata/base/error.hpp"

namespace strata::container {

namespace {

constexpr std::array<std::string_view, 64> adjectives{
    "able",   "amber",  "ancient", "bold",   "brave",   "bright", "brisk",  "broad",
    "calm",   "clear",  "clever",  "cool",   "crisp",   "curved", "daring", "deep",
    "dense",  "eager",  "early",   "even",   "fair",    "fine",   "firm",   "fluid",
    "folded", "fresh",  "gentle",  "glad",   "golden",  "grand",  "green",  "happy",
    "hardy",  "honest", "keen",    "kind",   "large",   "late",   "lively", "lucid",
    "mellow", "mild",   "neat",    "noble",  "patient", "plain",  "polite", "proud",
    "quick",  "quiet",  "rapid",   "silent", "simple",  "smooth", "sober",  "solid",
    "steady", "still",  "strong",  "subtle", "sunny",   "warm",   "wise",   "young"};

constexpr std::array<std::string_view, 64> nouns{
    "agate",   "alabaster", "amethyst", "andesite", "anhydrite", "apatite",   "aragonite",
    "azurite", "barite",    "basalt",   "beryl",    "bauxite",   "breccia",   "calcite",
    "chalk",   "chert",     "citrine",  "clay",     "coal",      "copper",    "coral",
    "diorite", "dolomite",  "emerald",  "feldspar", "flint",     "fluorite",  "gabbro",
    "galena",  "garnet",    "gneiss",   "granite",  "graphite",  "gravel",    "gypsum",
    "halite",  "jade",      "jasper",   "lava",     "limestone", "loess",     "magnetite",
    "marble",  "marl",      "mica",     "obsidian", "olivine",   "onyx",      "opal",
    "pumice",  "pyrite",    "quartz",   "rhyolite", "ruby",      "sandstone", "sapphire",
    "schist",  "shale",     "silt",     "slate",    "talc",      "topaz",     "tuff",
    "zircon"};

/// Ids are random, so any of their digits choose evenly.
std::size_t number_at(std::string_view id, std::size_t position) {
  unsigned number = 0;
  const std::string_view digits = id.substr(position, 4);
  std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  return number;
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_name(std::string_view name) {
  if (name.size() < 2 || !is_letter_or_digit(name.front())) return false;
  for (const char c : name)
    if (!is_letter_or_digit(c) && c != '_' && c != '.' && c != '-') return false;
  return true;
}

}  // namespace

std::string make_name(std::string_view id) {
  return cat(adjectives[number_at(id, 0) % adjectives.size()], '_',
             nouns[number_at(id, 4) % nouns.size()]);
}

void check_name(std::string_view name) {
  if (!is_name(name))
    fail(ErrorKind::usage, quoted(name),
         " is no name for a container: expected a letter or digit, then one or more of letters, "
         "digits, \"_\", \".\" and \"-\"");
}

}  // namespace strata::container
