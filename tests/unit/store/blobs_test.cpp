#include "strata/store/blobs.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <thread>

#include "unit/store/temporary_store.hpp"

using namespace strata;
using namespace strata::store;

namespace {

std::string blob_path(const TemporaryStore& store, const Digest& digest) {
  store.store.blobs().flush();
  return store.directory / ("blobs/sha256/" + digest.hex());
}

void overwrite(const std::string& path, const std::string& bytes) {
  ::chmod(path.c_str(), 0600);
  std::ofstream(path, std::ios::binary) << bytes;
}

ErrorKind kind_thrown_by(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.kind();
  }
  FAIL("nothing was thrown");
  return ErrorKind::system;
}

}  // namespace

TEST_CASE("a blob is found under the digest of its bytes") {
  TemporaryStore store;
  const Digest digest = store->blobs().put("hello");
  CHECK(digest == Digest::of("hello"));
  CHECK(store->blobs().find_size(digest) == 5);
  CHECK(store->blobs().read_document(digest, 5) == "hello");
  CHECK(store->blobs().list() == std::vector{digest});
  CHECK_FALSE(store->blobs().has(Digest::of("other")));
}

TEST_CASE("a blob without commit leaves no trace") {
  TemporaryStore store;
  { store->blobs().create().write("half"); }
  CHECK(store->blobs().list().empty());
  CHECK(store->root().list("blobs/sha256").empty());
}

TEST_CASE("bytes that do not have the digest they claim get no name") {
  TemporaryStore store;
  NewBlob blob = store->blobs().create();
  blob.write("evil");
  CHECK(kind_thrown_by([&] { blob.commit_expecting(Digest::of("good")); }) == ErrorKind::corrupt);
  CHECK(store->blobs().list().empty());
}

TEST_CASE("an absent blob is not found") {
  TemporaryStore store;
  CHECK(kind_thrown_by([&] { store->blobs().open(Digest::of("x")); }) == ErrorKind::not_found);
}

TEST_CASE("reading to the end is the verification") {
  TemporaryStore store;
  const std::string bytes(100'000, 'x');
  const Digest digest = store->blobs().put(bytes);
  CHECK(read_all(*open_verified(store->blobs(), digest), bytes.size(), "blob") == bytes);
  std::string damaged = bytes;
  damaged[50'000] = 'y';
  overwrite(blob_path(store, digest), damaged);
  CHECK(kind_thrown_by([&] {
          StringSink sink;
          copy_all(*open_verified(store->blobs(), digest), sink);
        }) == ErrorKind::corrupt);
  CHECK(kind_thrown_by([&] { store->blobs().read_document(digest, bytes.size()); }) ==
        ErrorKind::corrupt);
}

TEST_CASE("a blob that the kernel copies is verified too") {
  TemporaryStore store;
  const std::string bytes(5 << 20, 'x');
  const Digest digest = store->blobs().put(bytes);
  const auto copy = [&] {
    const Fd to = store->root().create_file("tmp/copy", 0600);
    FdSink sink(to.get());
    const auto source = open_verified(store->blobs(), digest);
    const std::uint64_t copied = copy_all(*source, sink);
    store->root().remove("tmp/copy");
    return copied;
  };
  CHECK(copy() == bytes.size());
  std::string damaged = bytes;
  damaged[4 << 20] = 'y';
  overwrite(blob_path(store, digest), damaged);
  CHECK(kind_thrown_by(copy) == ErrorKind::corrupt);
}

TEST_CASE("a truncated blob is replaced when its bytes come again") {
  TemporaryStore store;
  const Digest digest = store->blobs().put("whole");
  overwrite(blob_path(store, digest), "who");
  store->blobs().put("whole");
  CHECK(store->blobs().read_document(digest, 10) == "whole");
}

TEST_CASE("a document larger than allowed is refused before it is read") {
  TemporaryStore store;
  const Digest digest = store->blobs().put(std::string(1000, 'x'));
  CHECK(kind_thrown_by([&] { store->blobs().read_document(digest, 999); }) == ErrorKind::corrupt);
}

TEST_CASE("a blob can be used before it has its name and has it after a flush") {
  TemporaryStore store;
  std::vector<Digest> digests;
  for (int i = 0; i < 50; ++i) {
    digests.push_back(store->blobs().put(std::to_string(i)));
    CHECK(store->blobs().has(digests.back()));
    CHECK(store->blobs().read_document(digests.back(), 10) == std::to_string(i));
    CHECK(store->blobs().read_document(digests.front(), 10) == "0");
  }
  store->blobs().flush();
  CHECK(store->root().list("blobs/sha256").size() == 50);
}

TEST_CASE("a blob that cannot get to the disk is told of by the flush") {
  TemporaryStore store;
  // A directory in its place: it can neither be linked nor replaced.
  store->root().make_directory("blobs/sha256/" + Digest::of("x").hex(), 0700);
  store->blobs().put("x");
  CHECK_THROWS_AS(store->blobs().flush(), Error);
  CHECK_THROWS_AS(store->blobs().put("y"), Error);
}

TEST_CASE("many threads may store the same and different blobs") {
  TemporaryStore store;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; j < 5; ++j) store->blobs().put("blob " + std::to_string((i + j) % 6));
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(store->blobs().list().size() == 6);
}
