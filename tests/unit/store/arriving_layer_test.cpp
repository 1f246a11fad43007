#include "strata/store/arriving_layer.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "unit/store/sample_image.hpp"

using namespace strata;
using namespace strata::store;

namespace {

/// A layer that somebody else has: its blob, as it will come.
struct Foreign {
  oci::Layer layer;
  std::string bytes;

  std::unique_ptr<ArrivingLayer> receive(TemporaryStore& store) const {
    return store->layers().receive(layer.blob.digest, layer.diff_id);
  }
};

Foreign make_foreign(Codec codec = Codec::gzip, const Contents& contents = sample_top()) {
  TemporaryStore store;
  const oci::Layer layer = put_layer(store.store, contents, make_compression(codec, 0));
  return {layer, store->blobs().read_document(layer.blob.digest, 100'000'000)};
}

void write_in_pieces(ArrivingLayer& arriving, std::string_view bytes, std::size_t size) {
  for (; !bytes.empty(); bytes.remove_prefix(std::min(size, bytes.size())))
    arriving.write(bytes.substr(0, size));
}

bool is_untouched(TemporaryStore& store) {
  const Root& root = store->root();
  return store->blobs().list().empty() && root.list("trees").empty() && root.list("tmp").empty();
}

ErrorKind kind_of_commit(ArrivingLayer& arriving) {
  try {
    arriving.commit();
  } catch (const Error& error) {
    return error.kind();
  }
  FAIL("committed");
  return ErrorKind::system;
}

}  // namespace

TEST_CASE("a layer that comes in pieces is the one that was sent whatever the pieces and packing") {
  for (const Codec codec : {Codec::gzip, Codec::none, Codec::zstd}) {
    const Foreign foreign = make_foreign(codec);
    for (const std::size_t piece : {1UL, 3UL, 1000UL, 1UL << 20}) {
      CAPTURE(piece);
      TemporaryStore store;
      const auto arriving = foreign.receive(store);
      write_in_pieces(*arriving, foreign.bytes, piece);
      const oci::Layer layer = arriving->commit();
      CHECK(layer.diff_id == foreign.layer.diff_id);
      CHECK(layer.blob == foreign.layer.blob);
      REQUIRE(store->layers().find_tree(layer.diff_id));
      CHECK(store->layers().find_tree(layer.diff_id)->tree.find("etc/new"));
      CHECK(store.open_again()->blobs().read_document(layer.blob.digest, 100'000'000) ==
            foreign.bytes);
    }
  }
}

TEST_CASE("a layer that is given up after any number of bytes leaves nothing") {
  for (const Codec codec : {Codec::gzip, Codec::none}) {
    const Foreign foreign = make_foreign(codec);
    const std::size_t size = foreign.bytes.size();
    TemporaryStore store;
    for (std::size_t count = 0; count <= size; count += 1 + count / 5) {
      const auto arriving = foreign.receive(store);
      arriving->write(std::string_view(foreign.bytes).substr(0, count));
    }
    foreign.receive(store)->write(foreign.bytes);
    CHECK(is_untouched(store));
  }
}

TEST_CASE("a layer that is cut and committed is corrupt and leaves nothing") {
  const Foreign foreign = make_foreign();
  TemporaryStore store;
  for (const std::size_t count : {std::size_t{0}, std::size_t{3}, foreign.bytes.size() - 1}) {
    const auto arriving = foreign.receive(store);
    arriving->write(std::string_view(foreign.bytes).substr(0, count));
    CHECK(kind_of_commit(*arriving) == ErrorKind::corrupt);
  }
  const auto longer = foreign.receive(store);
  longer->write(foreign.bytes + "x");
  CHECK(kind_of_commit(*longer) == ErrorKind::corrupt);
  CHECK(is_untouched(store));
}

TEST_CASE("a layer of another digest or DiffId than its image says is corrupt and leaves nothing") {
  const Foreign foreign = make_foreign();
  const DiffId other_id(Digest::of("other"));
  TemporaryStore store;
  {
    const auto arriving = store->layers().receive(Digest::of("other"), foreign.layer.diff_id);
    arriving->write(foreign.bytes);
    CHECK(kind_of_commit(*arriving) == ErrorKind::corrupt);
  }
  {
    const auto arriving = store->layers().receive(foreign.layer.blob.digest, other_id);
    arriving->write(foreign.bytes);
    CHECK(kind_of_commit(*arriving) == ErrorKind::corrupt);
  }
  const std::string no_tar(100'000, 'x');
  {
    const auto arriving = store->layers().receive(Digest::of(no_tar), other_id);
    write_in_pieces(*arriving, no_tar, 1000);  // also when it is known long before its end
    CHECK(kind_of_commit(*arriving) == ErrorKind::corrupt);
  }
  CHECK(is_untouched(store));
}

TEST_CASE("a source that stalls is waited for and can be given up at once") {
  using namespace std::chrono_literals;
  const Foreign foreign = make_foreign(Codec::gzip, sample_base());
  const std::string_view bytes = foreign.bytes;
  TemporaryStore store;
  const auto started = std::chrono::steady_clock::now();
  {
    const auto arriving = foreign.receive(store);
    arriving->write(bytes.substr(0, bytes.size() / 2));
    std::this_thread::sleep_for(50ms);
  }
  CHECK(std::chrono::steady_clock::now() - started < 10s);
  CHECK(is_untouched(store));

  const auto arriving = foreign.receive(store);
  for (std::size_t part = 0; part < 5; ++part) {
    std::this_thread::sleep_for(20ms);
    const std::size_t size = bytes.size() / 5;
    arriving->write(bytes.substr(part * size, part == 4 ? bytes.npos : size));
  }
  CHECK(arriving->commit().blob == foreign.layer.blob);
}
