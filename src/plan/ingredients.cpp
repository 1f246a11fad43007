#include "strata/plan/ingredients.hpp"

#include <algorithm>

#include "strata/base/error.hpp"

namespace strata::plan {

namespace {

/// Eight bytes, least significant first.
void write_number(Hasher& hasher, std::uint64_t number) {
  char bytes[8];
  for (char& byte : bytes) {
    byte = static_cast<char>(number & 0xff);
    number >>= 8;
  }
  hasher.write(std::string_view(bytes, sizeof bytes));
}

void write_text(Hasher& hasher, std::string_view text) {
  write_number(hasher, text.size());
  hasher.write(text);
}

}  // namespace

void Ingredients::add(std::string name, std::string value) {
  // Two of one name would make an explanation ambiguous.
  if (find(name) != nullptr) {
    fail(ErrorKind::system, "the ingredient ", quoted(name), " was added twice");
  }
  list_.push_back({std::move(name), std::move(value)});
}

const std::string* Ingredients::find(std::string_view name) const {
  const auto found = std::find_if(list_.begin(), list_.end(),
                                  [&](const auto& known) { return known.name == name; });
  return found == list_.end() ? nullptr : &found->value;
}

CacheKey Ingredients::key() const {
  Hasher hasher;
  write_number(hasher, list_.size());
  for (const auto& [name, value] : list_) {
    write_text(hasher, name);
    write_text(hasher, value);
  }
  return CacheKey(hasher.finish());
}

}  // namespace strata::plan
