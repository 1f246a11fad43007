#include "strata/base/io.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "strata/base/error.hpp"

using namespace strata;

namespace {

/// Gives one byte at a time, as a slow pipe does.
class DrippingSource : public Source {
 public:
  explicit DrippingSource(std::string_view bytes) : inner_(bytes) {}
  std::size_t read(std::span<char> buffer) override {
    return inner_.read(buffer.first(std::min<std::size_t>(buffer.size(), 1)));
  }

 private:
  ViewSource inner_;
};

}  // namespace

TEST_CASE("copying moves every byte and counts them") {
  const std::string bytes(1'000'000, 'x');
  StringSource source(bytes);
  StringSink sink;
  CHECK(copy_all(source, sink) == bytes.size());
  CHECK(sink.text() == bytes);
  CHECK(copy_all(source, sink) == 0);
}

TEST_CASE("bytes pass through a pipe whole") {
  Pipe pipe = make_pipe();
  FdSink(pipe.write_end.get()).write("through the pipe");
  pipe.write_end.reset();
  FdSource source(std::move(pipe.read_end));
  StringSink sink;
  copy_all(source, sink);
  CHECK(sink.take() == "through the pipe");
}

TEST_CASE("a callback sink hands every piece on") {
  std::string seen;
  CallbackSink sink([&](std::string_view piece) { seen += piece; });
  ViewSource source("pieces");
  copy_all(source, sink);
  CHECK(seen == "pieces");
}

TEST_CASE("a limited source ends at its limit and leaves the rest") {
  ViewSource inner("headtail");
  LimitedSource head(inner, 4);
  CHECK(read_all(head, 100, "head") == "head");
  CHECK(read_all(inner, 100, "tail") == "tail");
  ViewSource brief("ab");
  LimitedSource more(brief, 10);
  CHECK(read_all(more, 100, "brief") == "ab");
}

TEST_CASE("read_all takes what fits and refuses one byte more") {
  const std::string bytes(200'000, 'y');
  ViewSource fits(bytes);
  CHECK(read_all(fits, bytes.size(), "it") == bytes);
  ViewSource too_long(bytes);
  CHECK_THROWS_WITH_AS(read_all(too_long, bytes.size() - 1, "it"), "it is larger than 199999 bytes",
                       Error);
  DrippingSource dripping(std::string_view(bytes).substr(0, 1000));
  CHECK(read_all(dripping, SIZE_MAX, "it").size() == 1000);
  ViewSource nothing("");
  CHECK(read_all(nothing, 0, "it").empty());
}
