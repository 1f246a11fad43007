/// What the hot pieces of Strata cost, each beside its limit. tests/bench/micro/run makes a table
/// of it; by itself the program takes the options of Google Benchmark.

#include <cstdio>
#include <cstdlib>

#include "pair.hpp"

namespace strata::bench {

namespace {

void add(const std::string& name, const Unit& unit, std::function<void()> work) {
  auto run = [unit, work = std::move(work)](benchmark::State& state) {
    for (auto _ : state) work();
    state.counters["units"] = unit.count;
    state.SetLabel(unit.name);
  };
  benchmark::RegisterBenchmark(name.c_str(), run)->MeasureProcessCPUTime();
}

}  // namespace

void add_pair(const std::string& piece, const Unit& unit, std::function<void()> ours,
              std::function<void()> limit) {
  add(piece + "/ours", unit, std::move(ours));
  add(piece + "/limit", unit, std::move(limit));
}

void expect_same(const std::string& piece, bool are_same) {
  if (are_same) return;
  std::fprintf(stderr, "%s: the limit does not do the same\n", piece.c_str());
  std::exit(1);
}

}  // namespace strata::bench

int main(int count, char** words) {
  using namespace strata::bench;
  benchmark::Initialize(&count, words);
  if (benchmark::ReportUnrecognizedArguments(count, words)) return 2;
  add_tar_pairs();
  add_tree_pairs();
  add_key_pairs();
  add_hash_pairs();
  add_compress_pairs();
  add_walk_pairs();
  add_parse_pairs();
  benchmark::RunSpecifiedBenchmarks();
}
