// libyaml gives events, one for each beginning, end and value; what they are together is built
// here, with every limit checked before memory is taken. An anchor is known only when the node that
// it names is whole, so that no document contains itself.

#include "strata/base/yaml.hpp"

#include <yaml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

namespace strata {

namespace {

constexpr std::size_t nesting_max = 64;
/// Of a document with all its copies: values, and bytes of texts and keys.
constexpr std::size_t values_max = 500'000;
constexpr std::size_t text_size_max = 32u << 20;
constexpr std::string_view tag_prefix = "tag:yaml.org,2002:";

std::string_view view_of(const yaml_char_t* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

/// What a value takes up, itself included.
struct Cost {
  std::size_t values = 0;
  std::size_t text = 0;

  Cost& operator+=(const Cost& other) {
    values += other.values;
    text += other.text;
    return *this;
  }
};

struct Node {
  json::value value;
  Cost cost;
};

/// The parser and its event at hand.
class Reader {
 public:
  Reader(std::string_view text, std::string_view what) : what_(what) {
    if (yaml_parser_initialize(&parser_) == 0) fail(ErrorKind::system, "no memory for YAML");
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const yaml_char_t*>(text.data()),
                                 text.size());
  }
  ~Reader() {
    yaml_event_delete(&event_);
    yaml_parser_delete(&parser_);
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  const yaml_event_t& next() {
    yaml_event_delete(&event_);
    if (yaml_parser_parse(&parser_, &event_) != 0) return event_;
    const char* problem = parser_.problem != nullptr ? parser_.problem : "cannot be read";
    refuse_at(parser_.problem_mark.line, problem);
  }
  const yaml_event_t& event() const { return event_; }

  template <class... Parts>
  [[noreturn]] void refuse(const Parts&... parts) const {
    refuse_at(event_.start_mark.line, cat(parts...));
  }

 private:
  [[noreturn]] void refuse_at(std::size_t line, std::string_view problem) const {
    fail(ErrorKind::corrupt, what_, ":", line + 1, ": invalid YAML: ", problem);
  }

  std::string_view what_;
  yaml_parser_t parser_{};
  yaml_event_t event_{};
};

template <std::size_t size>
bool is_one_of(std::string_view text, const std::array<std::string_view, size>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

constexpr std::array<std::string_view, 5> nulls{"", "~", "null", "Null", "NULL"};
constexpr std::array<std::string_view, 3> truths{"true", "True", "TRUE"};
constexpr std::array<std::string_view, 3> untruths{"false", "False", "FALSE"};

std::optional<std::int64_t> find_number(std::string_view text, int base) {
  std::int64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number, base);
  const bool is_whole = parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
  return is_whole && !text.empty() ? std::optional(number) : std::nullopt;
}

/// No number of C++'s begins with a plus, and none of YAML's with two signs.
std::string_view without_plus(std::string_view text) {
  return text.starts_with('+') && !text.starts_with("+-") ? text.substr(1) : text;
}

std::optional<std::int64_t> find_integer(std::string_view text) {
  if (text.starts_with("0x")) return find_number(text.substr(2), 16);
  if (text.starts_with("0o")) return find_number(text.substr(2), 8);
  if (text.size() > 1 && text.starts_with('0')) return find_number(text, 8);
  return find_number(without_plus(text), 10);
}

std::optional<double> find_float(std::string_view text) {
  if (text.find_first_not_of("0123456789+-.eE") != std::string_view::npos) return std::nullopt;
  text = without_plus(text);
  double number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

/// A value that stands without quotes.
json::value plain_value(std::string_view text) {
  if (is_one_of(text, nulls)) return nullptr;
  if (is_one_of(text, truths)) return true;
  if (is_one_of(text, untruths)) return false;
  if (const auto integer = find_integer(text)) return *integer;
  if (const auto number = find_float(text)) return *number;
  return json::string(text);
}

class Builder {
 public:
  Builder(std::string_view text, std::string_view what) : reader_(text, what) {}

  json::value read_document() {
    reader_.next();  // the stream begins
    if (reader_.next().type == YAML_STREAM_END_EVENT) return nullptr;
    reader_.next();  // after the document's beginning
    Node node = read_node(0);
    reader_.next();  // the document ends
    if (reader_.next().type != YAML_STREAM_END_EVENT)
      reader_.refuse("expected one document, found another one");
    return std::move(node.value);
  }

 private:
  /// The node that the event at hand begins.
  Node read_node(std::size_t depth) {
    switch (reader_.event().type) {
      case YAML_ALIAS_EVENT:
        return copy_of_alias();
      case YAML_SCALAR_EVENT:
        return read_scalar();
      case YAML_SEQUENCE_START_EVENT:
        return read_list(depth);
      case YAML_MAPPING_START_EVENT:
        return read_map(depth);
      default:
        reader_.refuse("expected a value");
    }
  }

  Node copy_of_alias() {
    const std::string name(view_of(reader_.event().data.alias.anchor));
    const auto found = anchors_.find(name);
    if (found == anchors_.end())
      reader_.refuse("the alias ", quoted(name), " means nothing that stands before it");
    count(found->second.cost);
    return found->second;
  }

  Node read_scalar() {
    const auto& scalar = reader_.event().data.scalar;
    const std::string_view text(reinterpret_cast<const char*>(scalar.value), scalar.length);
    const std::string anchor(view_of(scalar.anchor));
    const std::string_view tag = view_of(scalar.tag);
    count({1, text.size()});
    Node node{nullptr, {1, text.size()}};
    if (tag == "!" || tag == cat(tag_prefix, "str") || (tag.empty() && scalar.plain_implicit == 0))
      node.value = json::string(text);
    else
      node.value = plain_value(text);
    check_tag(tag, node.value);
    remember(anchor, node);
    return node;
  }

  Node read_list(std::size_t depth) {
    const std::string anchor = open_container(reader_.event().data.sequence_start, depth, "seq");
    json::array list;
    Cost cost{1, 0};
    while (reader_.next().type != YAML_SEQUENCE_END_EVENT) {
      Node element = read_node(depth + 1);
      cost += element.cost;
      list.push_back(std::move(element.value));
    }
    return close_container(anchor, Node{std::move(list), cost});
  }

  Node read_map(std::size_t depth) {
    const std::string anchor = open_container(reader_.event().data.mapping_start, depth, "map");
    json::object map;
    Cost cost{1, 0};
    while (reader_.next().type != YAML_MAPPING_END_EVENT) {
      const std::string key = read_key();
      cost.text += key.size();
      if (map.contains(key)) reader_.refuse("the key ", quoted(key), " is there twice");
      reader_.next();
      Node member = read_node(depth + 1);
      cost += member.cost;
      map.emplace(key, std::move(member.value));
    }
    return close_container(anchor, Node{std::move(map), cost});
  }

  std::string read_key() {
    const yaml_event_t& event = reader_.event();
    if (event.type != YAML_SCALAR_EVENT) reader_.refuse("expected a key that is a plain value");
    const auto& scalar = event.data.scalar;
    std::string key(reinterpret_cast<const char*>(scalar.value), scalar.length);
    if (key == "<<" && scalar.plain_implicit != 0)
      reader_.refuse("maps are not merged (<<); write their members out");
    count({0, key.size()});
    return key;
  }

  /// Returns the anchor.
  template <class Start>
  std::string open_container(const Start& start, std::size_t depth, std::string_view type) {
    if (depth >= nesting_max) reader_.refuse("nested deeper than ", nesting_max);
    const std::string_view tag = view_of(start.tag);
    if (!tag.empty() && tag != cat(tag_prefix, type)) refuse_tag(tag);
    count({1, 0});
    return std::string(view_of(start.anchor));
  }

  Node close_container(const std::string& anchor, Node node) {
    remember(anchor, node);
    return node;
  }

  void check_tag(std::string_view tag, const json::value& value) const {
    if (tag.empty() || tag == "!") return;
    const std::string_view type =
        tag.starts_with(tag_prefix) ? tag.substr(tag_prefix.size()) : std::string_view();
    const bool fits = (type == "str" && value.is_string()) || (type == "int" && value.is_int64()) ||
                      (type == "float" && value.is_number()) ||
                      (type == "bool" && value.is_bool()) || (type == "null" && value.is_null());
    if (!fits) refuse_tag(tag);
  }

  [[noreturn]] void refuse_tag(std::string_view tag) const {
    reader_.refuse("a value of the type ", quoted(tag), " is not read here");
  }

  /// A copy is kept, and counts.
  void remember(const std::string& anchor, const Node& node) {
    if (anchor.empty()) return;
    count(node.cost);
    anchors_.insert_or_assign(anchor, node);
  }

  void count(const Cost& cost) {
    total_ += cost;
    if (total_.values > values_max || total_.text > text_size_max)
      reader_.refuse("with all its aliases larger than ", values_max, " values or ",
                     human_size(text_size_max));
  }

  Reader reader_;
  std::map<std::string, Node> anchors_;
  Cost total_;
};

}  // namespace

json::value parse_yaml(std::string_view text, std::string_view what) {
  return Builder(text, what).read_document();
}

}  // namespace strata
