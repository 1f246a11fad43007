#pragma once
/// Values that hardly any of many objects have.

#include <memory>

namespace strata {

/// A value that is as it was made by default in nearly all places, where it takes one pointer.
template <class Value>
class Rare {
 public:
  Rare() = default;
  Rare(const Rare& other)
      : value_(other.value_ ? std::make_unique<Value>(*other.value_) : nullptr) {}
  Rare(Rare&&) noexcept = default;
  Rare& operator=(Rare other) noexcept {
    value_ = std::move(other.value_);
    return *this;
  }
  ~Rare() = default;

  const Value& operator*() const {
    static const Value none{};
    return value_ ? *value_ : none;
  }
  const Value* operator->() const { return &**this; }

  /// To be written to, which is when it begins to take room.
  Value& edit() {
    if (!value_) value_ = std::make_unique<Value>();
    return *value_;
  }

  friend bool operator==(const Rare& left, const Rare& right) {
    return left.value_ == right.value_ || *left == *right;
  }

 private:
  std::unique_ptr<Value> value_;
};

}  // namespace strata
