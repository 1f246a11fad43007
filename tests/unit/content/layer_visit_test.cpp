// Layers that are only looked through, since their trees are known: visit_layer.

#include <doctest/doctest.h>

#include "strata/base/error.hpp"
#include "unit/content/written_layers.hpp"

using namespace strata;
using namespace strata::test;

TEST_CASE("a layer whose tree is known is seen the same by any number of threads of a pool") {
  Contents contents;
  const Tree tree = mixed_tree(contents);
  for (const Compression& compression :
       {Compression{Codec::none, 0}, Compression{Codec::gzip, 1}, Compression{Codec::zstd, 1}}) {
    const Written written = write(tree, contents.opener(), compression);
    for (const unsigned threads : {1u, 2u, 8u}) {
      WorkerPool pool(threads);
      const auto visit_all = [&] {
        ViewSource blob(written.blob);
        const auto compare = [&](const Entry& entry, Source* data) {
          if (data && read_all(*data, 4 << 20, "x") != contents.at(entry.path))
            FAIL_CHECK(entry.path);
        };
        CHECK(visit_layer(blob, written.layer.layer, compare, pool) == written.layer.diff_id);
      };
      visit_all();
      pool.submit(visit_all).get();
    }
    ViewSource blob(written.blob);
    CHECK(visit_layer(blob, written.layer.digest, compression.codec, {}) == written.layer.diff_id);
  }
}

TEST_CASE("threads of a pool find a blob damaged wherever the damage is") {
  Contents contents;
  WorkerPool pool(2);
  const Written written =
      write(Tree({contents.add("f", noise(2'500'000))}), contents.opener(), {Codec::gzip, 1});
  const std::size_t size = written.blob.size();
  for (const std::size_t at : {std::size_t{0}, std::size_t{11}, size / 2, size - 6, size - 1}) {
    std::string damaged = written.blob;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    for (const std::string& bytes : {damaged, written.blob.substr(0, at), written.blob + "x"}) {
      ViewSource blob(bytes);
      CHECK_THROWS_WITH_AS(visit_layer(blob, written.layer.layer, {}, pool),
                           doctest::Contains("its bytes have the digest"), Error);
    }
  }
}

TEST_CASE("a visitor's failure ends the threads that read a layer") {
  Contents contents;
  WorkerPool pool(2);
  const Written written = write(mixed_tree(contents), contents.opener());
  int visits = 0;
  const auto fail_later = [&](const Entry&, Source*) {
    if (++visits == 5) fail(ErrorKind::system, "the disk is full");
  };
  ViewSource blob(written.blob);
  CHECK_THROWS_WITH_AS(visit_layer(blob, written.layer.layer, fail_later, pool), "the disk is full",
                       Error);
  CHECK(visits == 5);
}
