#include "strata/cache/record.hpp"

#include <doctest/doctest.h>

#include "strata/oci/media_type.hpp"

namespace strata::cache {

namespace {

Record sample_record() {
  Record record;
  record.text = "RUN make\nnext line";
  record.ingredients.add("parent", "sha256:00");
  record.ingredients.add("env NAME", std::string("bytes\0 \n and 7:lengths", 22));
  record.ingredients.add("empty", "");
  record.layer =
      oci::Layer{DiffId(Digest::of("tar")),
                 {std::string(oci::media_type::layer_gzip), Digest::of("blob"), 42, {}, {}}};
  record.content = Digest::of("content");
  record.created = Time(std::chrono::nanoseconds(-5));
  record.duration_ms = 17;
  record.trees = {{"mount /a", std::string("tree\0\n", 6)}, {"mount /b", ""}};
  return record;
}

}  // namespace

TEST_CASE("a record reads back as it was written") {
  const Record record = sample_record();
  const auto read = decode_record(encode_record(record));
  REQUIRE(read);
  CHECK(read->text == record.text);
  CHECK(read->ingredients == record.ingredients);
  REQUIRE(read->layer);
  CHECK(read->layer->diff_id == record.layer->diff_id);
  CHECK(read->layer->blob.digest == record.layer->blob.digest);
  CHECK(read->layer->blob.size == 42);
  CHECK(read->layer->blob.media_type == oci::media_type::layer_gzip);
  CHECK(read->content == record.content);
  CHECK(read->created == record.created);
  CHECK(read->duration_ms == 17);
  CHECK(read->trees == record.trees);
  CHECK(read->key() == record.key());
}

TEST_CASE("the record of a metadata-only step has no layer") {
  Record record = sample_record();
  record.layer.reset();
  record.content.reset();
  const auto read = decode_record(encode_record(record));
  REQUIRE(read);
  CHECK_FALSE(read->layer);
  CHECK_FALSE(read->content);
}

TEST_CASE("a record cut short anywhere is a miss") {
  const std::string whole = encode_record(sample_record());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto read = decode_record(whole.substr(0, length));
    // Cut between two ingredients it is a record again, but of another key.
    if (read) CHECK(read->key() != sample_record().key());
  }
}

TEST_CASE("a record with one byte changed never has the same key and another content") {
  const Record original = sample_record();
  const std::string whole = encode_record(original);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    CHECK_NOTHROW(decode_record(changed));
  }
}

TEST_CASE("a record refers to its blob and its DiffId") {
  const Record record = sample_record();
  const auto references = record_references(record.key().digest(), encode_record(record));
  CHECK(references == std::vector{Digest::of("blob"), Digest::of("tar")});
  CHECK(record_references(Digest::of(""), "damaged").empty());
}

}  // namespace strata::cache
