#include "strata/dockerfile/csv.hpp"

#include "strata/base/error.hpp"

namespace strata::dockerfile {
namespace {

/// Takes a field in quotes, which begins the text, and leaves what is behind the closing quote.
std::string take_quoted(std::string_view& text) {
  std::string field;
  for (text.remove_prefix(1); !text.empty(); text.remove_prefix(1)) {
    if (text.starts_with("\"\"")) {
      text.remove_prefix(1);
    } else if (text[0] == '"') {
      text.remove_prefix(1);
      return field;
    }
    field += text[0];
  }
  fail(ErrorKind::dockerfile, "a quoted field that is not closed");
}

std::string take_plain(std::string_view& text) {
  const std::string field(text.substr(0, text.find(',')));
  if (field.find('"') != std::string::npos) {
    fail(ErrorKind::dockerfile, "a quote within the field ", quoted(field),
         ": quote the whole field");
  }
  text.remove_prefix(field.size());
  return field;
}

}  // namespace

std::vector<std::string> split_csv(std::string_view line) {
  std::vector<std::string> fields;
  while (true) {
    fields.push_back(line.starts_with('"') ? take_quoted(line) : take_plain(line));
    if (line.empty()) return fields;
    if (line[0] != ',') fail(ErrorKind::dockerfile, "text behind a quoted field: ", quoted(line));
    line.remove_prefix(1);
  }
}

}  // namespace strata::dockerfile
