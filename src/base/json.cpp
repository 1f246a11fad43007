#include "strata/base/json.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/serialize.hpp>

#include "strata/base/error.hpp"

namespace strata {

namespace {

/// Builds the document from the parser's events. Boost's own builder lets the last of two equal
/// keys win, which lets two readers see two documents in the same bytes; this one stops.
class DocumentBuilder {
 public:
  // The names in the rest of the class are those that basic_parser asks for.
  static constexpr std::size_t max_object_size = json::object::max_size();
  static constexpr std::size_t max_array_size = json::array::max_size();
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();

  using Text = json::string_view;
  using Code = json::error_code;

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) { return open(json::object()); }
  bool on_object_end(std::size_t, Code&) { return close(); }
  bool on_array_begin(Code&) { return open(json::array()); }
  bool on_array_end(std::size_t, Code&) { return close(); }
  bool on_key_part(Text part, std::size_t, Code&) { return add(part); }
  bool on_key(Text part, std::size_t, Code& code) { return add(part) && start_member(code); }
  bool on_string_part(Text part, std::size_t, Code&) { return add(part); }
  bool on_string(Text part, std::size_t, Code&) { return add(part) && put_text(); }
  bool on_number_part(Text, Code&) { return true; }
  bool on_int64(std::int64_t number, Text, Code&) { return put(number); }
  bool on_uint64(std::uint64_t number, Text, Code&) { return put(number); }
  bool on_double(double number, Text, Code&) { return put(number); }
  bool on_bool(bool truth, Code&) { return put(truth); }
  bool on_null(Code&) { return put(nullptr); }
  bool on_comment_part(Text, Code&) { return true; }
  bool on_comment(Text, Code&) { return true; }

  json::value take_document() { return std::move(document_); }
  const std::optional<std::string>& duplicate_key() const { return duplicate_key_; }

 private:
  struct OpenContainer {
    json::value value;
    json::value* member = nullptr;  // in an object: where the value after the key goes
  };

  bool open(json::value empty) {
    open_.emplace_back().value = std::move(empty);
    return true;
  }

  bool close() {
    json::value whole = std::move(open_.back().value);
    open_.pop_back();
    return put(std::move(whole));
  }

  bool add(Text part) {
    text_.append(part.data(), part.size());
    return true;
  }

  bool put_text() {
    put(json::string(text_));
    text_.clear();
    return true;
  }

  bool start_member(Code& code) {
    OpenContainer& container = open_.back();
    const auto [member, is_new] = container.value.get_object().emplace(text_, nullptr);
    container.member = &member->value();
    if (!is_new) {
      duplicate_key_ = text_;
      code = json::make_error_code(json::error::syntax);
    }
    text_.clear();
    return is_new;
  }

  bool put(json::value value) {
    if (open_.empty()) {
      document_ = std::move(value);
    } else if (json::array* array = open_.back().value.if_array()) {
      array->push_back(std::move(value));
    } else {
      *open_.back().member = std::move(value);
    }
    return true;
  }

  json::value document_;
  std::vector<OpenContainer> open_;
  std::string text_;
  std::optional<std::string> duplicate_key_;
};

using Parser = json::basic_parser<DocumentBuilder>;

/// "line 3, column 14" of a byte in a text.
std::string place_in(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto column = before.size() - (before.rfind('\n') + 1) + 1;
  return cat("line ", line, ", column ", column);
}

std::string reason_of(Parser& parser, const json::error_code& code) {
  if (const auto& key = parser.handler().duplicate_key()) return "duplicate key " + quoted(*key);
  return code.message();
}

}  // namespace

json::value parse_json(std::string_view text, std::string_view what) {
  json::parse_options options;
  options.max_depth = 64;
  Parser parser(options);
  json::error_code code;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), code);
  if (!code && read < text.size()) code = json::make_error_code(json::error::extra_data);
  if (code) {
    fail(ErrorKind::corrupt, what, " is not valid JSON: ", reason_of(parser, code), " at ",
         place_in(text, read));
  }
  return parser.handler().take_document();
}

std::string to_text(const json::value& value) { return json::serialize(value); }

namespace {

class PrettyPrinter {
 public:
  void print(const json::value& value) {
    if (const json::object* object = value.if_object(); object && !object->empty()) {
      print_members(*object);
    } else if (const json::array* array = value.if_array(); array && !array->empty()) {
      print_elements(*array);
    } else {
      out_ += json::serialize(value);
    }
  }

  std::string take() { return std::move(out_); }

 private:
  void print_members(const json::object& object) {
    open('{');
    for (std::size_t i = 0; i < object.size(); ++i) {
      const auto& member = object.begin()[static_cast<std::ptrdiff_t>(i)];
      start_line(i > 0);
      out_ += json::serialize(member.key());
      out_ += ": ";
      print(member.value());
    }
    close('}');
  }

  void print_elements(const json::array& array) {
    open('[');
    for (std::size_t i = 0; i < array.size(); ++i) {
      start_line(i > 0);
      print(array[i]);
    }
    close(']');
  }

  void open(char bracket) {
    out_ += bracket;
    indent_ += 2;
  }

  void close(char bracket) {
    indent_ -= 2;
    start_line(false);
    out_ += bracket;
  }

  void start_line(bool after_another) {
    if (after_another) out_ += ',';
    out_ += '\n';
    out_.append(indent_, ' ');
  }

  std::string out_;
  std::size_t indent_ = 0;
};

}  // namespace

std::string to_pretty_text(const json::value& value) {
  PrettyPrinter printer;
  printer.print(value);
  return printer.take();
}

}  // namespace strata
