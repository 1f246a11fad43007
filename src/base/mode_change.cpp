// A clause is `[ugoa…][+-=][rwxXstugo…]…`. It becomes actions, each applied to what the one before
// left. Without a class of users all are meant. The sticky bit is nobody's: only `t` changes it.
#include "strata/base/mode_change.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace strata {

namespace {

constexpr std::uint32_t mode_max = 07777;
constexpr std::uint32_t permissions = 0777;
constexpr std::uint32_t execute = 0111;
constexpr std::uint32_t sticky = 01000;
constexpr std::uint32_t everyone = 06777;
constexpr std::uint32_t others = 0007;

struct Letter {
  char name;
  std::uint32_t bits;
};
constexpr std::array classes = {Letter{'u', 04700}, Letter{'g', 02070}, Letter{'o', others},
                                Letter{'a', everyone}};
constexpr std::array letters = {Letter{'r', 0444},    Letter{'w', 0222},  Letter{'x', execute},
                                Letter{'X', execute}, Letter{'s', 06000}, Letter{'t', sticky}};

template <std::size_t Size>
const Letter* find(const std::array<Letter, Size>& table, std::string_view text) {
  if (text.empty()) return nullptr;
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const Letter& each) { return each.name == text.front(); });
  return found == table.end() ? nullptr : &*found;
}

bool begins_with_operation(std::string_view text) {
  return !text.empty() && (text.front() == '+' || text.front() == '-' || text.front() == '=');
}

/// What one class of users may do, for all of them.
std::uint32_t spread(std::uint32_t mode, char from) {
  const std::uint32_t bits = mode >> (from == 'u' ? 6 : from == 'g' ? 3 : 0) & 7;
  return bits << 6 | bits << 3 | bits;
}

std::optional<std::uint32_t> parse_octal(std::string_view text) {
  std::uint32_t mode = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, mode, 8);
  if (parsed.ec != std::errc() || parsed.ptr != end || mode > mode_max) return std::nullopt;
  return mode;
}

}  // namespace

class ModeChange::Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  /// False if the text is malformed.
  bool read() {
    if (!read_clause()) return false;
    while (rest_.starts_with(',')) {
      take();
      if (!read_clause()) return false;
    }
    return rest_.empty();
  }

  std::vector<Action> actions;

 private:
  char take() {
    const char first = rest_.front();
    rest_.remove_prefix(1);
    return first;
  }

  bool read_clause() {
    std::uint32_t who = 0;
    while (const Letter* named = find(classes, rest_)) {
      who |= named->bits;
      take();
    }
    if (!begins_with_operation(rest_)) return false;
    while (begins_with_operation(rest_)) read_action(who == 0 ? everyone : who);
    return true;
  }

  void read_action(std::uint32_t who) {
    const char operation = take();
    Action plain{who, operation, 0};
    Action conditional{who, '+', 0, 0, true};
    bool is_done = operation != '=';  // which clears even with nothing behind it
    const auto flush = [&] {
      if (plain.bits != 0) actions.push_back(plain);
      if (conditional.bits != 0) actions.push_back(conditional);
      plain.bits = conditional.bits = 0;
    };
    for (; !rest_.empty(); take()) {
      if (const Letter* letter = find(letters, rest_)) {
        if (who == others && letter->bits > permissions) continue;  // others have no such bits
        const bool is_conditional = letter->name == 'X' && operation != '-';
        (is_conditional ? conditional : plain).bits |= letter->bits;
        if (letter->name == 't') plain.who |= sticky;
      } else if (const Letter* from = find(classes, rest_); from && from->name != 'a') {
        flush();
        is_done = true;
        actions.push_back({who & permissions, operation, 0, from->name});
      } else {
        break;
      }
    }
    if (plain.bits == 0 && !is_done) actions.push_back(plain);
    flush();
  }

  std::string_view rest_;
};

std::optional<ModeChange> ModeChange::parse(std::string_view text) {
  ModeChange change;
  const bool is_number = !text.empty() && text.front() >= '0' && text.front() <= '9';
  if (is_number) {
    change.absolute_ = parse_octal(text);
    return change.absolute_ ? std::optional(change) : std::nullopt;
  }
  Parser parser(text);
  if (!parser.read()) return std::nullopt;
  change.actions_ = std::move(parser.actions);
  return change;
}

std::uint32_t ModeChange::apply(const Action& action, std::uint32_t mode) {
  const std::uint32_t bits =
      action.who & (action.copied ? spread(mode, action.copied) : action.bits);
  if (action.operation == '-') return mode & ~bits;
  const std::uint32_t kept = action.operation == '=' ? mode & ~action.who : mode;
  return kept | bits;
}

std::uint32_t ModeChange::apply(std::uint32_t mode, bool is_directory) const {
  if (absolute_) return *absolute_;
  const bool was_executable = is_directory || (mode & execute) != 0;
  std::uint32_t changed = mode;
  for (const Action& action : actions_)
    if (was_executable || !action.if_executable) changed = apply(action, changed);
  return changed;
}

}  // namespace strata
