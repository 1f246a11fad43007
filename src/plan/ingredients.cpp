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
  const auto place = by_name_.begin() + lower_bound(name);
  // Two of one name would make an explanation ambiguous.
  if (place != by_name_.end() && list_[*place].name == name) {
    fail(ErrorKind::system, "the ingredient ", quoted(name), " was added twice");
  }
  by_name_.insert(place, static_cast<std::uint32_t>(list_.size()));
  list_.push_back({std::move(name), std::move(value)});
}

const std::string* Ingredients::find(std::string_view name) const {
  const auto place = by_name_.begin() + lower_bound(name);
  const bool is_there = place != by_name_.end() && list_[*place].name == name;
  return is_there ? &list_[*place].value : nullptr;
}

std::ptrdiff_t Ingredients::lower_bound(std::string_view name) const {
  const auto place = std::lower_bound(
      by_name_.begin(), by_name_.end(), name,
      [&](std::uint32_t known, std::string_view wanted) { return list_[known].name < wanted; });
  return place - by_name_.begin();
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
