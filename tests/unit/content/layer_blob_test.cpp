#include "strata/content/layer_blob.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <map>
#include <thread>

#include "strata/base/error.hpp"
#include "unit/content/random_files.hpp"
#include "unit/content/streams.hpp"
#include "unit/content/tars.hpp"
#include "unit/content/written_layers.hpp"

using namespace strata;
using namespace strata::test;

namespace {

ReadLayer read(std::string_view blob, Codec codec = Codec::gzip, const EntryVisitor& visit = {}) {
  ViewSource in(blob);
  return read_layer(in, Digest::of(blob), codec, visit);
}

std::string gzip(std::string_view tar) { return compress(tar, {Codec::gzip, 1}).bytes; }

Tree tree_in(std::string_view tar) { return read(gzip(tar)).layer.tree; }

}  // namespace

TEST_CASE("a layer written is read back as the same tree under the same names") {
  Contents contents;
  const Tree tree = mixed_tree(contents);
  for (const Compression& compression :
       {Compression{Codec::none, 0}, Compression{Codec::gzip, 1}, Compression{Codec::zstd, 1}}) {
    const Written written = write(tree, contents.opener(), compression);
    const std::string tar = decompress(written.blob, compression.codec);
    CHECK(written.layer.digest == Digest::of(written.blob));
    CHECK(written.layer.blob_size == written.blob.size());
    CHECK(written.layer.diff_id == DiffId(Digest::of(tar)));
    CHECK(written.layer.layer.tar_size == tar.size());
    const ReadLayer back = read(written.blob, compression.codec);
    CHECK(back.diff_id == written.layer.diff_id);
    CHECK(back.layer.tar_size == tar.size());
    CHECK(text_of(back.layer.tree) == text_of(written.layer.layer.tree));
    for (const Entry& entry : written.layer.layer.tree.entries()) {
      if (!entry.is_file()) continue;
      const bool is_right = entry.content == ContentDigest(Digest::of(contents.at(entry.path))) &&
                            tar.substr(entry.data_offset, entry.size) == contents.at(entry.path) &&
                            back.layer.tree.find(entry.path)->data_offset == entry.data_offset;
      CHECK_MESSAGE(is_right, entry.path);
    }
  }
}

TEST_CASE("a layer's bytes do not depend on the number of threads") {
  Contents contents;
  const Tree tree = mixed_tree(contents);
  const Written one = write(tree, contents.opener(), {}, 1);
  CHECK(one.blob == write(tree, contents.opener(), {}, 2).blob);
  CHECK(one.blob == write(tree, contents.opener(), {}, 8).blob);
}

TEST_CASE("a layer's bytes are those of every machine") {
  // Layers made elsewhere must have the digests that they have here: where chunks are cut is in it.
  Contents contents;
  CHECK(write(mixed_tree(contents), contents.opener()).layer.digest.short_hex() == "fdfd72192247");
}

TEST_CASE("a layer is written by a thread of the pool itself") {
  Contents contents;
  const Tree tree = mixed_tree(contents);
  WorkerPool pool(1);
  auto size = pool.submit([&] {
    StringSink out;
    return write_layer(tree, contents.opener(), out, {}, pool).blob_size;
  });
  CHECK(size.get() > 0);
}

TEST_CASE("hard links stand behind their file and carry its attributes in the tar") {
  Contents contents;
  Entry target = contents.add("z", "bytes");
  target.mode = 04711;
  target.uid = 7;
  target.mtime = 99;
  contents.add("a", "bytes");
  const Written written =
      write(Tree({hard_link("a", "z"), hard_link("m", "a"), target}), contents.opener());
  const std::string tar = decompress(written.blob, Codec::gzip);
  const auto number = [&](std::size_t at, TarField field) {
    return tar.substr(at + field.offset, field.size - 1);
  };
  CHECK(tar[156] == '0');
  CHECK(tar[1024 + 156] == '1');
  CHECK(tar[1536 + 156] == '1');
  for (const std::size_t at : {0u, 1024u, 1536u}) {
    CHECK(number(at, tar_field::mode) == "0004711");
    CHECK(number(at, tar_field::uid) == "0000007");
    CHECK(number(at, tar_field::mtime) == "00000000143");
  }
  Entry first = target;
  first.path = "a";
  first.content = ContentDigest(Digest::of("bytes"));
  CHECK(text_of(written.layer.layer.tree) ==
        text_of(Tree({first, hard_link("m", "a"), hard_link("z", "a")})));
  CHECK_THROWS_AS(write(Tree({hard_link("a", "elsewhere")}), contents.opener()), Error);
}

TEST_CASE("removals are written and read back") {
  const Tree tree({directory("d"), opaque("d"), whiteout("gone"), whiteout("d/old")});
  CHECK(text_of(read(write(tree, ContentOpener()).blob).layer.tree) == text_of(tree));
}

TEST_CASE("an empty layer is an empty tar") {
  const Written written = write(Tree(), ContentOpener(), {Codec::none, 0});
  CHECK(written.blob == trailer);
  CHECK(written.layer.diff_id.hex() ==
        "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef");
}

TEST_CASE("a file that changes while the layer is made is an error") {
  for (const std::size_t size : {100u, 300'000u}) {
    Contents contents;
    Entry entry = contents.add("f", sample(size));
    ++entry.size;
    CHECK_THROWS_AS(write(Tree({entry}), contents.opener()), Error);
    entry.size -= 2;
    CHECK_THROWS_AS(write(Tree({entry}), contents.opener()), Error);
    ++entry.size;
    CHECK_NOTHROW(write(Tree({entry}), contents.opener()));
    entry.content = ContentDigest(Digest::of("something else"));
    CHECK_THROWS_AS(write(Tree({entry}), contents.opener()), Error);
  }
}

TEST_CASE("what is verified as it is read is not hashed again") {
  for (const std::size_t size : {0, 10, 3'000'000}) {
    Contents contents;
    Entry entry = contents.add("f", noise(size));
    entry.content = ContentDigest(Digest::of("whoever opens it answers for that"));
    const Written written = write(Tree({entry}), [&](const Entry& opened) {
      return OpenFile(contents.opener()(opened).bytes, true);
    });
    CHECK(written.layer.layer.tree.find("f")->content == entry.content);
  }
}

TEST_CASE("what opening a file throws comes through and nothing is left running") {
  Contents contents;
  const Tree tree = mixed_tree(contents);
  for (int fatal = 0; fatal < 700; fatal += 61) {
    std::atomic<int> opened = 0;
    const ContentOpener open = [&](const Entry& entry) {
      if (opened++ == fatal) fail(ErrorKind::denied, "no");
      return contents.opener()(entry);
    };
    try {
      write(tree, open);
      FAIL("nothing was thrown");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::denied);
    }
  }
}

TEST_CASE("progress is told in the calling thread and may end the writing") {
  Contents contents;
  const Tree tree = mixed_tree(contents);
  WorkerPool pool(2);
  StringSink out;
  std::uint64_t told = 0;
  bool is_elsewhere = false;
  const auto count = [&, caller = std::this_thread::get_id()](std::uint64_t bytes) {
    told += bytes;
    is_elsewhere |= std::this_thread::get_id() != caller;
  };
  write_layer(tree, contents.opener(), out, {}, pool, {count});
  CHECK(told == tree.file_bytes());
  CHECK_FALSE(is_elsewhere);
  const auto stop = [](std::uint64_t) { fail(ErrorKind::interrupted, "stopped"); };
  CHECK_THROWS_WITH_AS(write_layer(tree, contents.opener(), out, {}, pool, {stop}), "stopped",
                       Error);
}

TEST_CASE("an output that is full after any number of bytes is an error and nothing worse") {
  Contents contents;
  const Tree tree = mixed_tree(contents);
  const std::size_t whole = write(tree, contents.opener()).blob.size();
  for (std::size_t limit = 0; limit <= whole; limit += whole / 20) {
    WorkerPool pool(2);
    std::size_t taken = 0;
    CallbackSink out([&](std::string_view bytes) {
      taken += bytes.size();
      if (taken > limit) fail(ErrorKind::system, "full");
    });
    if (limit == whole) continue;
    CHECK_THROWS_AS(write_layer(tree, contents.opener(), out, {}, pool), Error);
  }
}

TEST_CASE("a layer's tree is encoded and decoded the same") {
  Contents contents;
  const LayerTree layer = write(mixed_tree(contents), contents.opener()).layer.layer;
  const LayerTree back = decode_layer_tree(encode_layer_tree(layer));
  CHECK(text_of(back.tree) == text_of(layer.tree));
  CHECK(back.blob == layer.blob);
  CHECK(back.codec == layer.codec);
  CHECK(back.tar_size == layer.tar_size);
  CHECK(back.chunks.starts == layer.chunks.starts);
  CHECK(back.chunks.uncompressed_size == layer.chunks.uncompressed_size);
  for (const Entry& entry : layer.tree.entries())
    if (back.tree.find(entry.path)->data_offset != entry.data_offset) FAIL_CHECK(entry.path);
}

TEST_CASE("a damaged layer tree is an error wherever the damage is") {
  Contents contents;
  const Tree tree({directory("d"), contents.add("d/f", "hello"), soft_link("l", "d")});
  const std::string bytes = encode_layer_tree(write(tree, contents.opener()).layer.layer);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    CHECK_THROWS_AS(decode_layer_tree(damaged), Error);
    CHECK_THROWS_AS(decode_layer_tree(bytes.substr(0, at)), Error);
  }
}

TEST_CASE("every file can be read out of the blob alone") {
  Contents contents;
  const Tree tree = mixed_tree(contents);
  const ScratchDirectory scratch;
  for (const Compression& compression :
       {Compression{Codec::none, 0}, Compression{Codec::gzip, 2}, Compression{Codec::zstd, 1}}) {
    const Written written = write(tree, contents.opener(), compression);
    scratch.write(to_string(compression.codec), written.blob);
    const Fd fd = scratch.root().open_file(to_string(compression.codec));
    for (const LayerTree& layer :
         {written.layer.layer, read(written.blob, compression.codec).layer}) {
      const LayerFiles files(fd.get(), layer);
      for (const Entry& entry : layer.tree.entries())
        if (entry.is_file() &&
            read_all(*files.open(entry), 4 << 20, "x") != contents.at(entry.path))
          FAIL_CHECK(entry.path);
      CHECK_THROWS_AS(files.open(*layer.tree.find("d")), Error);
    }
  }
}

TEST_CASE("a file read out of a damaged blob is an error at its end") {
  Contents contents;
  const Written written =
      write(Tree({contents.add("f", sample(5000))}), contents.opener(), {Codec::none, 0});
  std::string damaged = written.blob;
  damaged[700] = static_cast<char>(damaged[700] ^ 1);
  const ScratchDirectory scratch;
  scratch.write("blob", damaged);
  const Fd fd = scratch.root().open_file("blob");
  const auto file = open_entry(fd.get(), written.layer.layer, *written.layer.layer.tree.find("f"));
  CHECK_THROWS_WITH_AS(read_all(*file, 1 << 20, "x"), doctest::Contains("damaged"), Error);
}

TEST_CASE("a blob with other bytes than its digest says is an error that says so") {
  Contents contents;
  const std::string blob = write(Tree({contents.add("f", sample(5000))}), contents.opener()).blob;
  for (std::size_t at = 0; at < blob.size(); at += 3) {
    std::string damaged = blob;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    ViewSource in(damaged);
    CHECK_THROWS_WITH_AS(read_layer(in, Digest::of(blob), Codec::gzip, {}),
                         doctest::Contains("its bytes have the digest"), Error);
  }
}

TEST_CASE("of duplicate paths the last counts and whiteouts give way to what their layer has") {
  const Tree twice =
      tree_in(raw({.name = "a", .data = "1"}) + raw({.name = "a", .data = "22"}) + trailer);
  CHECK(text_of(twice) == text_of(Tree({file("a", "22")})));
  const Tree recreated =
      tree_in(raw({.name = "d/", .type = '5', .mode = 0755}) + raw({.name = "d/x"}) +
              raw({.name = ".wh.d"}) + raw({.name = ".wh.f"}) + raw({.name = "f"}) + trailer);
  CHECK(text_of(recreated) == text_of(Tree({directory("d"), opaque("d"), file("d/x"), file("f")})));
  const Tree implied = tree_in(raw({.name = ".wh.d"}) + raw({.name = "d/.wh..wh..opq"}) +
                               raw({.name = "d/x"}) + trailer);
  CHECK(text_of(implied) == text_of(Tree({whiteout("d"), file("d/x")})));
}

TEST_CASE("what lies below a file or a link of the same layer is refused") {
  CHECK_THROWS_AS(tree_in(raw({.name = "a"}) + raw({.name = "a/b"}) + trailer), Error);
  CHECK_THROWS_AS(tree_in(raw({.name = "a", .type = '2', .link = "/etc"}) +
                          raw({.name = "a/passwd"}) + trailer),
                  Error);
}

TEST_CASE("a visitor sees every entry in the blob's order and may leave bytes unread") {
  const std::string tar = raw({.name = "b", .data = sample(70'000)}) +
                          raw({.name = "a", .data = "hello"}) + raw({.name = "d/", .type = '5'}) +
                          raw({.name = ".wh.x", .data = "odd"}) + trailer;
  std::string seen;
  const ReadLayer layer = read(gzip(tar), Codec::gzip, [&](const Entry& entry, Source* data) {
    seen += entry.path + (data == nullptr ? " - " : " + ");
    if (entry.path == "a") seen += read_all(*data, 100, "a") + ' ';
    char byte;
    if (entry.path == "b") data->read({&byte, 1});
  });
  CHECK(seen == "b + a + hello d - x - ");
  CHECK(layer.layer.tree.find("b")->content == ContentDigest(Digest::of(sample(70'000))));
}

TEST_CASE("an error of the visitor comes through") {
  const std::string blob = gzip(raw({}) + trailer);
  const auto refuse = [](const Entry&, Source*) { fail(ErrorKind::denied, "no"); };
  CHECK_THROWS_WITH_AS(read(blob, Codec::gzip, refuse), "no", Error);
}

TEST_CASE("bytes behind the trailer belong to the layer's digest") {
  const std::string tar = raw({}) + trailer + std::string(8192, '\0');
  const ReadLayer layer = read(gzip(tar));
  CHECK(layer.diff_id == DiffId(Digest::of(tar)));
  CHECK(layer.layer.tar_size == tar.size());
}

TEST_CASE("random layers are written and read back the same") {
  for (unsigned seed = 0; seed < 300; ++seed) {
    RandomFiles random(seed);
    Files files = random.files();
    random.change(files, 10);
    Contents contents;
    std::vector<Entry> entries;
    const Tree tree = files.tree();
    for (Entry entry : tree.entries()) {
      if (entry.is_file()) {
        const Entry with_bytes = contents.add(entry.path, sample(random.dice().roll(3000), seed));
        entry.size = with_bytes.size;
        entry.content.reset();
      }
      entries.push_back(std::move(entry));
    }
    const Written written = write(Tree(std::move(entries)), contents.opener(), {Codec::zstd, 1});
    const bool is_same =
        text_of(read(written.blob, Codec::zstd).layer.tree) == text_of(written.layer.layer.tree);
    CHECK_MESSAGE(is_same, "seed " << seed);
    if (!is_same) break;
  }
}
