#include "strata/plan/ingredients.hpp"

#include <algorithm>
#include <functional>

#include "strata/base/error.hpp"

namespace strata::plan {

namespace {

/// Eight bytes, least significant first.
void put_number(std::string& out, std::uint64_t number) {
  char bytes[8];
  for (char& byte : bytes) {
    byte = static_cast<char>(number & 0xff);
    number >>= 8;
  }
  out.append(bytes, sizeof bytes);
}

void put_text(std::string& out, std::string_view text) {
  put_number(out, text.size());
  out += text;
}

}  // namespace

void Ingredients::add(std::string name, std::string value) {
  if (find(name)) fail(ErrorKind::system, "the ingredient ", quoted(name), " was added twice");
  try_add(std::move(name), std::move(value));
}

bool Ingredients::try_add(std::string name, std::string value) {
  if (slots_.size() <= 2 * list_.size()) make_room();
  std::uint32_t& slot = slots_[slot_of(name)];
  if (slot != 0) return false;
  list_.push_back({std::move(name), std::move(value)});
  slot = static_cast<std::uint32_t>(list_.size());
  return true;
}

const std::string* Ingredients::find(std::string_view name) const {
  if (list_.empty()) return nullptr;
  const std::uint32_t place = slots_[slot_of(name)];
  return place == 0 ? nullptr : &list_[place - 1].value;
}

std::size_t Ingredients::slot_of(std::string_view name) const {
  std::size_t slot = std::hash<std::string_view>()(name) & (slots_.size() - 1);
  while (slots_[slot] != 0 && list_[slots_[slot] - 1].name != name)
    slot = (slot + 1) & (slots_.size() - 1);
  return slot;
}

void Ingredients::make_room() {
  slots_.assign(std::max<std::size_t>(16, 4 * slots_.size()), 0);
  list_.reserve(slots_.size() / 2);
  for (std::uint32_t place = 0; place < list_.size(); ++place)
    slots_[slot_of(list_[place].name)] = place + 1;
}

CacheKey Ingredients::key() const {
  std::size_t size = 8;
  for (const auto& [name, value] : list_) size += 16 + name.size() + value.size();
  std::string bytes;
  bytes.reserve(size);
  put_number(bytes, list_.size());
  for (const auto& [name, value] : list_) {
    put_text(bytes, name);
    put_text(bytes, value);
  }
  return CacheKey(Digest::of(bytes));
}

}  // namespace strata::plan
