#include "strata/cache/cache.hpp"

#include <doctest/doctest.h>

#include "unit/store/temporary_store.hpp"

namespace strata::cache {

namespace {

const Slot slot{"Dockerfile", "stage-0", 2, "RUN make"};

/// A step whose result is a layer of one file with this content.
Record record_of(store::Store& store, const std::string& content) {
  Record record;
  record.ingredients.add("argv", "make");
  record.layer = store::put_layer(store, {{store::file_entry("f", content), content}});
  return record;
}

}  // namespace

TEST_CASE("of two builds that did one step at once the second takes the result of the first") {
  store::TemporaryStore first;
  store::Store second(first.directory.path());
  const Record early = record_of(first.store, "early");
  const Record late = record_of(second, "late");
  CHECK(Cache(first.store).put_or_take(slot, early).layer->diff_id == early.layer->diff_id);
  // The first has not flushed: its blob may still be without a name.
  CHECK(Cache(second).put_or_take(slot, late).layer->diff_id == early.layer->diff_id);
  CHECK(Cache(second).find(late.key())->layer->diff_id == early.layer->diff_id);
}

TEST_CASE("a record whose layer is gone does not stand against a new one") {
  store::TemporaryStore store;
  Record lost = record_of(store.store, "lost");
  lost.layer->blob.digest = Digest::of("no such blob");
  const Record made = record_of(store.store, "made");
  const Cache cache(store.store);
  cache.put(slot, lost);
  CHECK_FALSE(cache.find(lost.key()));
  CHECK(cache.put_or_take(slot, made).layer->diff_id == made.layer->diff_id);
  CHECK(cache.find(made.key())->layer->diff_id == made.layer->diff_id);
}

TEST_CASE("a layer is found by its content") {
  store::TemporaryStore store;
  Record record = record_of(store.store, "x");
  record.content = Digest::of("content");
  Record lost = record;
  lost.ingredients.add("other", "step");
  lost.content = Digest::of("lost");
  lost.layer->blob.digest = Digest::of("no such blob");
  {
    const Cache cache(store.store);
    for (const Record& put : {record, lost}) {
      cache.put(slot, put);
      cache.note_content(put, {});
    }
    CHECK(cache.find_content(*record.content, {}));
  }
  const Cache cache(store.store);
  CHECK(cache.find_content(*record.content, {})->key() == record.key());
  CHECK_FALSE(cache.find_content(*record.content, {Codec::zstd, 3}));
  CHECK_FALSE(cache.find_content(Digest::of("other"), {}));
  CHECK_FALSE(cache.find_content(*lost.content, {}));
  // A record that was put since says what its layer holds.
  Record later = record;
  later.content = Digest::of("later");
  cache.put(slot, later);
  CHECK_FALSE(cache.find_content(*record.content, {}));
}

TEST_CASE("a shared record is kept here once its layer is here") {
  struct Shared : SharedRecords {
    explicit Shared(Record given) : record(std::move(given)) {}
    std::optional<SharedRecord> find(const CacheKey&, const std::stop_token&) override {
      return SharedRecord{record, "elsewhere"};
    }
    Record record;
  };
  store::TemporaryStore store;
  const Record here = record_of(store.store, "here");
  Record promised = here;
  promised.ingredients.add("other", "step");
  promised.layer->blob.digest = Digest::of("not here");
  Shared shared(here);
  Shared lazy(promised);
  CHECK(Cache(store.store, &shared).find_shared(here.key(), {})->place == "elsewhere");
  CHECK(store->cache_records().find(here.key().digest()));
  CHECK(Cache(store.store, &lazy).find_shared(promised.key(), {}));
  CHECK_FALSE(store->cache_records().find(promised.key().digest()));
  Cache(store.store).keep(promised);
  CHECK_FALSE(store->cache_records().find(promised.key().digest()));
  promised.layer = here.layer;
  Cache(store.store).keep(promised);
  CHECK(Cache(store.store).find(promised.key()));
  promised.ingredients.add("lie", "x");
  promised.layer->diff_id = DiffId(Digest::of("another"));
  CHECK_THROWS_AS(Cache(store.store).keep(promised), Error);
  // A record under a key that is not its own is none.
  CHECK_FALSE(Cache(store.store, &shared).find_shared(promised.key(), {}));
  CHECK_FALSE(Cache(store.store).find_shared(here.key(), {}));
}

}  // namespace strata::cache
