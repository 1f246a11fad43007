#pragma once
/// A piece of Strata beside its limit: the plainest code that does the same to the same data, or
/// what of it nobody can leave out. Both are functions without arguments and do all of their work
/// in each call, long enough (a tenth of a millisecond and more) that the call costs nothing.

#include <benchmark/benchmark.h>

#include <functional>
#include <string>

namespace strata::bench {

/// What an iteration does is so many `count` of the thing `name`, as in "entry" or "MiB".
struct Unit {
  std::string name;
  double count = 1;
};

/// Registers the benchmarks `PIECE/ours` and `PIECE/limit`. What is told is the time of the
/// processor in all threads, so that other work of the machine does not count, nor that a piece has
/// helpers: a piece that is at its limit costs no more than it.
void add_pair(const std::string& piece, const Unit& unit, std::function<void()> ours,
              std::function<void()> limit);

/// Ends the program if a limit does not do the same as the piece: it would measure nothing.
void expect_same(const std::string& piece, bool are_same);

// Each file's pairs.
void add_tar_pairs();
void add_tree_pairs();
void add_key_pairs();
void add_hash_pairs();
void add_compress_pairs();
void add_walk_pairs();
void add_parse_pairs();

}  // namespace strata::bench
