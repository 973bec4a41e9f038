// The rater model's time over the number of ratings. testdata/compare_with_lme4.R runs lme4 on the
// data that `--dump` writes and this program in the same run.
#include <cstdio>
#include <cstring>
#include <random>
#include <set>

#include "benchmark/benchmark.h"
#include "common/engines/statistics/rater_model.h"

namespace teraju::statistics {
namespace {

// Every ratee is rated by raters drawn from all: the worst graph, an expander without any clusters.
Ratings DrawAnywhere(int ratees, int raters, int each, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  std::vector<double> worth(ratees);
  std::vector<double> severity(raters);
  for (double& w : worth) w = 0.5 * normal(random);
  for (double& s : severity) s = 0.45 * normal(random);
  Ratings ratings{.ratees = ratees, .raters = raters};
  for (int i = 0; i < ratees; ++i) {
    std::set<int> chosen;
    while (static_cast<int>(chosen.size()) < each) {
      chosen.insert(static_cast<int>(random() % raters));
    }
    for (const int j : chosen) {
      ratings.answers.push_back({i, j, 3.5 + worth[i] + severity[j] + 0.6 * normal(random)});
    }
  }
  return ratings;
}

// As in an agency: raters mostly from the ratee's unit of forty, one of twenty-five from anywhere.
Ratings DrawInUnits(int people, int each, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  constexpr int kUnit = 40;
  std::vector<double> worth(people);
  std::vector<double> severity(people);
  for (double& w : worth) w = 0.5 * normal(random);
  for (double& s : severity) s = 0.45 * normal(random);
  Ratings ratings{.ratees = people, .raters = people};
  for (int i = 0; i < people; ++i) {
    std::set<int> chosen;
    while (static_cast<int>(chosen.size()) < each) {
      const bool far = random() % 25 == 0;
      const int near = i / kUnit * kUnit + static_cast<int>(random() % kUnit);
      const int j = far ? static_cast<int>(random() % people) : std::min(near, people - 1);
      if (j != i) chosen.insert(j);
    }
    for (const int j : chosen) {
      ratings.answers.push_back({i, j, 3.5 + worth[i] + severity[j] + 0.6 * normal(random)});
    }
  }
  return ratings;
}

void Run(benchmark::State& state, const Ratings& ratings) {
  for (auto _ : state) {
    const auto fit = FitRaterModel(ratings);
    if (!fit.ok()) {
      state.SkipWithError(fit.refusal().en.c_str());
      return;
    }
    state.counters["ratee_sd"] = fit->ratee_sd;
    state.counters["rater_sd"] = fit->rater_sd;
    state.counters["iterations"] = fit->iterations;
    state.counters["exact"] = fit->exact;
  }
  state.counters["ratings"] = static_cast<double>(ratings.answers.size());
  state.counters["ratings_per_second"] = benchmark::Counter(
      static_cast<double>(ratings.answers.size()) * 1e-6,
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

// 70 ratings for each ratee, three raters for each ratee: 70,000 ratings of 1,000 by 3,000, and so
// on in proportion.
void Anywhere(benchmark::State& state) {
  const int ratees = static_cast<int>(state.range(0)) / 70;
  Run(state, DrawAnywhere(ratees, 3 * ratees, 70, 1));
}
BENCHMARK(Anywhere)->Arg(7000)->Arg(70000)->Arg(280000)->Arg(1000000)->Iterations(1)->Unit(
    benchmark::kMillisecond);

void InUnits(benchmark::State& state) {
  Run(state, DrawInUnits(static_cast<int>(state.range(0)) / 7, 7, 1));
}
BENCHMARK(InUnits)->Arg(7000)->Arg(70000)->Arg(280000)->Arg(1000000)->Iterations(1)->Unit(
    benchmark::kMillisecond);

void Dump() {
  std::printf("ratee,rater,value\n");
  for (const Rating& a : DrawAnywhere(1000, 3000, 70, 1).answers) {
    std::printf("%d,%d,%.17g\n", a.ratee, a.rater, a.value);
  }
}

}  // namespace
}  // namespace teraju::statistics

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--dump") == 0) {
    teraju::statistics::Dump();
    return 0;
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
