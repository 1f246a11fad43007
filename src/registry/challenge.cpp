#include "registry/challenge.hpp"

#include <algorithm>
#include <optional>

#include "strata/base/text.hpp"

namespace strata::registry {

namespace {

bool is_token(char c) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         marks.find(c) != std::string_view::npos;
}

class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void skip(std::string_view what) {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(what), rest_.size()));
  }
  std::string take_token() {
    std::size_t size = 0;
    while (size < rest_.size() && is_token(rest_[size])) ++size;
    std::string token(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return token;
  }
  /// A token, or a text in quotes.
  std::optional<std::string> take_value() {
    if (!take('"')) return take_token();
    std::string text;
    while (!rest_.empty() && rest_.front() != '"') {
      if (rest_.front() == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
      text += rest_.front();
      rest_.remove_prefix(1);
    }
    if (!take('"')) return std::nullopt;
    return text;
  }

 private:
  std::string_view rest_;
};

}  // namespace

std::vector<Challenge> parse_challenges(std::string_view value) {
  std::vector<Challenge> challenges;
  Cursor cursor(value);
  for (;;) {
    cursor.skip(" \t,");
    const std::string word = to_lower(cursor.take_token());
    if (word.empty()) return challenges;
    cursor.skip(" \t");
    if (!cursor.take('=')) {
      challenges.push_back({word, {}});
      continue;
    }
    cursor.skip(" \t");
    const auto text = cursor.take_value();
    if (!text || challenges.empty()) return challenges;
    challenges.back().parameters[word] = *text;
  }
}

std::vector<Challenge> challenges_of(const http::Headers& headers) {
  std::vector<Challenge> all;
  for (const http::Header& header : headers) {
    if (to_lower(header.name) != "www-authenticate") continue;
    for (Challenge& challenge : parse_challenges(header.value)) all.push_back(std::move(challenge));
  }
  return all;
}

}  // namespace strata::registry
