#include "strata/base/io.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "strata/base/error.hpp"
#include "unit/scratch_directory.hpp"

using namespace strata;
using namespace strata::test;

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

TEST_CASE("files are copied from where they stand to where they stand") {
  const ScratchDirectory scratch;
  const std::string bytes = "skipped" + std::string(500'000, 'x') + "end";
  scratch.write("from", bytes);
  const Fd from = scratch.root().open_file("from");
  const Fd to = scratch.root().create_file("to", 0600);
  std::string skipped(7, '\0');
  FdSource source(from.get());
  CHECK(read_full(source, skipped) == 7);
  FdSink sink(to.get());
  sink.write("begin ");
  CHECK(copy_in_kernel(source, sink, 1000) == 1000);
  CHECK(copy_all(source, sink) == bytes.size() - 7 - 1000);
  sink.write(" end");
  CHECK(scratch.read("to") == "begin " + bytes.substr(7) + " end");
}

TEST_CASE("what the kernel cannot copy is copied by hand") {
  const ScratchDirectory scratch;
  scratch.write("from", "into a pipe");
  FdSource source(scratch.root().open_file("from"));
  Pipe pipe = make_pipe();
  FdSink sink(pipe.write_end.get());
  CHECK(copy_in_kernel(source, sink, 100) == 0);
  CHECK(copy_all(source, sink) == 11);
  pipe.write_end.reset();
  CHECK(read_all(pipe.read_end.get(), 100, "pipe") == "into a pipe");
  // A file of the kernel says that it has no bytes, and gives some.
  FdSource status(Root::open("/proc/self").open_file("status"));
  const Fd to = scratch.root().create_file("to", 0600);
  FdSink copy(to.get());
  CHECK(copy_all(status, copy) > 100);
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
