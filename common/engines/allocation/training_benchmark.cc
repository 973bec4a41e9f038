// How long a plan takes, and how far from its bound it ends: generated cities, always the same.
#include "benchmark/benchmark.h"
#include "common/engines/allocation/testing/generated_city.h"
#include "common/engines/allocation/training.h"
#include "common/engines/allocation/training_arcs.h"
#include "common/engines/allocation/training_bound.h"

namespace teraju::allocation {
namespace {

TrainingProblem CityOf(const benchmark::State& state) {
  return GeneratedCity({.persons = static_cast<int>(state.range(0)),
                        .offerings = static_cast<int>(state.range(1)),
                        .topics = 60,
                        .budget_percent = static_cast<int>(state.range(2)),
                        .seed = 7});
}

void PlanCity(benchmark::State& state) {
  const TrainingProblem city = CityOf(state);
  for (auto _ : state) {
    const TrainingPlan plan = PlanTraining(city).value();
    state.counters["gap_percent"] = ToDouble(plan.gap_percent);
    state.counters["objective"] = ToDouble(plan.objective);
  }
  state.counters["needs"] = static_cast<double>(city.needs.size());
  state.counters["arcs"] = static_cast<double>(TrainingArcs(city).arcs.size());
}
BENCHMARK(PlanCity)
    ->ArgNames({"persons", "offerings", "budget_percent"})
    ->Args({500, 50, 40})
    ->Args({5000, 300, 40})
    ->Args({5000, 300, 15})
    ->Unit(benchmark::kSecond)
    ->Iterations(1)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

void BoundCity(benchmark::State& state) {
  const TrainingProblem city = CityOf(state);
  const TrainingArcs arcs(city);
  const TrainingPrices prices = {.budgets = std::vector<double>(city.budgets.size(), 1e-6),
                                 .seats = std::vector<double>(city.offerings.size(), 2),
                                 .minima = std::vector<double>(city.offerings.size(), 0),
                                 .coverage = {}};
  for (auto _ : state) benchmark::DoNotOptimize(TrainingBound(city, arcs, prices).Total());
}
BENCHMARK(BoundCity)
    ->ArgNames({"persons", "offerings", "budget_percent"})
    ->Args({5000, 300, 40})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace teraju::allocation

BENCHMARK_MAIN();
