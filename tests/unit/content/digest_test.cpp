#include "strata/content/digest.hpp"

#include <doctest/doctest.h>

#include <unordered_set>

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

using namespace strata;

namespace {

const std::string of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const std::string of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

}  // namespace

TEST_CASE("digests are those of the standard") {
  CHECK(Digest::of("").hex() == of_nothing);
  CHECK(Digest::of("abc").hex() == of_abc);
  CHECK(Digest::of("abc").short_hex() == "ba7816bf8f01");
  CHECK(to_string(Digest::of("abc")) == "sha256:" + of_abc);
}

TEST_CASE("a hasher does not care how its bytes are cut") {
  Hasher hasher;
  for (const char letter : std::string("abc")) hasher.write({&letter, 1});
  hasher.write("");
  CHECK(hasher.finish() == Digest::of("abc"));
  StringSource source(std::string(1 << 20, 'x'));
  CHECK(digest_of(source) == Digest::of(std::string(1 << 20, 'x')));
}

TEST_CASE("a hasher that is moved goes on") {
  Hasher first;
  first.write("ab");
  Hasher second = std::move(first);
  second.write("c");
  CHECK(second.finish() == Digest::of("abc"));
}

TEST_CASE("only the one written form is a digest") {
  CHECK(Digest::parse("sha256:" + of_abc) == Digest::of("abc"));
  CHECK(Digest::find_hex(of_abc) == Digest::of("abc"));
  const std::string upper = to_upper(of_abc);
  for (const std::string& text :
       {of_abc, "sha256:" + upper, "SHA256:" + of_abc, "sha256:" + of_abc + "0",
        "sha256:" + of_abc.substr(1), "sha512:" + of_abc, std::string(), " sha256:" + of_abc,
        "sha256:" + of_abc + "\n", "sha256:../" + of_abc.substr(3), "sha256-" + of_abc}) {
    CHECK_FALSE(Digest::find(text));
    CHECK_THROWS_AS(Digest::parse(text), Error);
  }
  CHECK_THROWS_WITH_AS(DiffId::parse("x"), doctest::Contains("diff id"), Error);
  CHECK_THROWS_WITH_AS(Digest::parse(std::string(1 << 20, 'x')), doctest::Contains("xxx"), Error);
}

TEST_CASE("chain ids are those of the image specification") {
  const DiffId first(Digest::of("one"));
  const DiffId second(Digest::of("two"));
  CHECK(chain_id(std::nullopt, first).digest() == first.digest());
  CHECK(chain_id(chain_id(std::nullopt, first), second).digest() ==
        Digest::of(to_string(first) + " " + to_string(second)));
}

TEST_CASE("digests can be keys") {
  std::unordered_set<Digest> set{Digest::of("a"), Digest::of("b"), Digest::of("a")};
  CHECK(set.size() == 2);
  CHECK(set.contains(Digest::of("b")));
  CHECK((Digest::of("a") < Digest::of("b")) != (Digest::of("b") < Digest::of("a")));
}

TEST_CASE("a hash goes on from any state as if it had begun at the front") {
  const std::string bytes(1000, 'b');
  for (const std::size_t size : {0u, 1u, 63u, 64u, 65u, 128u, 500u, 999u, 1000u}) {
    Hasher whole;
    whole.write(bytes.substr(0, size));
    const HashState state = whole.state();
    CHECK(state.size == size / HashState::block_size * HashState::block_size);
    CHECK(whole.digest() == Digest::of(bytes.substr(0, size)));
    Hasher rest(state);
    rest.write(bytes.substr(state.size));
    CHECK(rest.digest() == Digest::of(bytes));
    CHECK(rest.finish() == Digest::of(bytes));
  }
}

TEST_CASE("a state by itself is that of nothing written") {
  CHECK(Hasher().state() == HashState());
  CHECK(Hasher(HashState()).finish() == Digest::of(""));
}

TEST_CASE("a state counts beyond 4 GiB") {
  HashState far;
  far.size = 5ull << 32;
  Hasher hasher(far);
  hasher.write(std::string(64, 'x'));
  CHECK(hasher.state().size == far.size + 64);
}
