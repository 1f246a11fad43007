#pragma once
/// Values as bytes, for the way between the engine and its own helper: both ends are the same
/// program on the same machine, so numbers travel as they lie in memory and there is no version.
/// A type takes part by a function `describe(archive, value)` that names its members once, for both
/// directions.

#include <concepts>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "strata/base/error.hpp"

namespace strata::sandbox {

template <class Value, class Of>
concept Either = std::same_as<std::remove_const_t<Value>, Of>;

template <class T>
concept Plain = std::is_arithmetic_v<T> || std::is_enum_v<T>;

class Encoder {
 public:
  template <class... Values>
  void operator()(const Values&... values) {
    (put(values), ...);
  }
  std::string take() { return std::move(bytes_); }

 private:
  template <Plain T>
  void put(T value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void put(const std::string& text) {
    put(text.size());
    bytes_ += text;
  }
  template <class T>
  void put(const std::vector<T>& list) {
    put(list.size());
    for (const T& element : list) put(element);
  }
  template <class A, class B>
  void put(const std::pair<A, B>& two) {
    put(two.first);
    put(two.second);
  }
  template <class T>
  requires(!Plain<T>) void put(const T& value) { describe(*this, value); }

  std::string bytes_;
};

/// Throws Error corrupt when the bytes end too early.
class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : rest_(bytes) {}

  template <class... Values>
  void operator()(Values&... values) {
    (get(values), ...);
  }

 private:
  std::string_view cut(std::size_t size) {
    if (size > rest_.size()) fail(ErrorKind::corrupt, "a message to the sandbox is cut short");
    const std::string_view piece = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return piece;
  }
  template <Plain T>
  void get(T& value) {
    std::memcpy(&value, cut(sizeof value).data(), sizeof value);
  }
  std::size_t get_size() {
    std::size_t size = 0;
    get(size);
    return size;
  }
  void get(std::string& text) { text = cut(get_size()); }
  template <class T>
  void get(std::vector<T>& list) {
    list.clear();
    for (std::size_t left = get_size(); left > 0; --left) get(list.emplace_back());
  }
  template <class A, class B>
  void get(std::pair<A, B>& two) {
    get(two.first);
    get(two.second);
  }
  template <class T>
  requires(!Plain<T>) void get(T& value) { describe(*this, value); }

  std::string_view rest_;
};

template <class T>
std::string encode(const T& value) {
  Encoder encoder;
  encoder(value);
  return encoder.take();
}

template <class T>
T decode(std::string_view bytes) {
  T value{};
  Decoder decoder(bytes);
  decoder(value);
  return value;
}

}  // namespace strata::sandbox
