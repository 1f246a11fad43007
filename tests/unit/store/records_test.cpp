#include "strata/store/records.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "unit/store/temporary_store.hpp"

using namespace strata;
using namespace strata::store;

namespace {

const Digest key = Digest::of("key");

}  // namespace

TEST_CASE("a record is read back as it was put") {
  TemporaryStore store;
  const Records& records = store->cache_records();
  CHECK_FALSE(records.find(key));
  for (const std::string& bytes :
       {std::string(), std::string("a\0b\n", 4), std::string(70000, 'x')}) {
    records.put(key, bytes);
    CHECK(records.find(key) == bytes);
  }
  CHECK(records.list() == std::vector{key});
  CHECK(records.size_on_disk(key) > 0);
  records.remove(key);
  records.remove(key);
  CHECK_FALSE(records.find(key));
}

TEST_CASE("the first record of a key stands unless it is damaged") {
  TemporaryStore store;
  const Records& records = store->cache_records();
  CHECK_FALSE(records.put_first(key, "one"));
  CHECK(records.put_first(key, "two") == "one");
  CHECK(records.find(key) == "one");
  std::ofstream(store.directory / ("cache/" + key.hex())) << "damaged";
  CHECK_FALSE(records.put_first(key, "three"));
  CHECK(records.find(key) == "three");
}

TEST_CASE("a record cut short anywhere or changed anywhere is not there") {
  TemporaryStore store;
  const Records& records = store->slots();
  records.put(key, "content");
  const std::string path = store.directory / ("slots/" + key.hex());
  std::ifstream in(path, std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(in), {}};
  for (std::size_t length = 0; length < whole.size(); ++length) {
    std::ofstream(path, std::ios::binary) << whole.substr(0, length);
    CHECK_FALSE(records.find(key));
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    std::ofstream(path, std::ios::binary) << changed;
    CHECK_FALSE(records.find(key));
  }
  std::ofstream(path, std::ios::binary) << whole;
  CHECK(records.find(key) == "content");
}
