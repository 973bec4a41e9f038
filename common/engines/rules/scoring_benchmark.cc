// How long one person takes: by the official pack, a local pack with eight indicators, the numeric
// pack with six results of three aspects; without and with the account.
#include <benchmark/benchmark.h>

#include "common/engines/rules/evaluation.h"
#include "common/engines/rules/nearest_change.h"
#include "common/engines/rules/shipped_packs.h"

namespace teraju::rules {
namespace {

struct Person {
  const PolicyPack& pack;
  const Method& method;
  Json inputs;
};

// Repeats what a vector has in its lists until there are `entries` of them.
Person PersonOf(const char* pack_name, const char* method, std::size_t entries) {
  const PolicyPack& pack = *FindShippedPack(pack_name);
  for (const Vector& vector : pack.vectors) {
    if (vector.method != method || !vector.error.empty()) continue;
    Json inputs = vector.inputs;
    for (const char* name : {"indicators", "results"}) {
      Json* list = inputs.Find(name);
      const std::size_t given = list != nullptr ? list->items.size() : entries;
      for (std::size_t i = given; i < entries; ++i) {
        list->items.push_back(Json(list->items[i % given]));
      }
    }
    return {pack, *pack.FindMethod(method), std::move(inputs)};
  }
  return {pack, pack.methods.front(), Json::Object()};
}

void ScoreOne(benchmark::State& state, const char* pack, const char* method, std::size_t entries) {
  const Person person = PersonOf(pack, method, entries);
  for (auto _ : state) {
    const auto outcome = Score(person.pack, person.method, person.inputs);
    if (!outcome.ok()) state.SkipWithError("refused");
    benchmark::DoNotOptimize(outcome);
  }
  state.SetItemsProcessed(state.iterations());
}

void ExplainOne(benchmark::State& state,
                const char* pack,
                const char* method,
                std::size_t entries) {
  const Person person = PersonOf(pack, method, entries);
  for (auto _ : state) {
    const auto evaluation = Evaluate(person.pack, person.method.name, person.inputs);
    if (!evaluation.ok()) state.SkipWithError("refused");
    benchmark::DoNotOptimize(evaluation);
  }
  state.SetItemsProcessed(state.iterations());
}

void ChangesOfOne(benchmark::State& state) {
  const Person person = PersonOf("plaju", "annual", 8);
  for (auto _ : state) {
    const auto changes = NearestChanges(person.pack, person.method.name, person.inputs);
    benchmark::DoNotOptimize(changes);
  }
}

BENCHMARK_CAPTURE(ScoreOne, official, "permenpanrb-6-2022", "annual", 0);
BENCHMARK_CAPTURE(ScoreOne, local_8_indicators, "plaju", "annual", 8);
BENCHMARK_CAPTURE(ScoreOne, numeric_6_results_of_3, "permenpanrb-8-2021", "annual_ja_jf", 6);
BENCHMARK_CAPTURE(ExplainOne, official, "permenpanrb-6-2022", "annual", 0);
BENCHMARK_CAPTURE(ExplainOne, local_8_indicators, "plaju", "annual", 8);
BENCHMARK_CAPTURE(ExplainOne, numeric_6_results_of_3, "permenpanrb-8-2021", "annual_ja_jf", 6);
BENCHMARK(ChangesOfOne);

}  // namespace
}  // namespace teraju::rules

BENCHMARK_MAIN();
