#include "common/engines/allocation/effect.h"

#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <cstdint>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/decimal/rounding.h"
#include "common/engines/allocation/training_arcs.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"

namespace teraju::allocation {
namespace {

constexpr int kDigits = 6;
constexpr std::int64_t kLargestFigure = 1'000'000;
// More candidates would hardly give better pairs.
constexpr std::size_t kMostCandidates = 30;
// What is believed of courses before any is known: two thirds lie within so much of the prior.
constexpr double kPriorSpread = 0.25;
constexpr double kLeastShare = 0.001;

Decimal Reported(double value) { return Round(Rational(value), kDigits, Rounding::kHalfUp); }

absl::Status Check(const std::vector<Measured>& trained,
                   const std::vector<Measured>& untrained,
                   const EffectSettings& settings) {
  errors::FieldViolations violations;
  const auto check = [&](const char* list, const std::vector<Measured>& people) {
    for (std::size_t i = 0; i < people.size(); ++i) {
      for (const Decimal& figure : {people[i].before, people[i].after}) {
        if (figure <= Decimal(kLargestFigure) && figure >= Decimal(-kLargestFigure)) continue;
        violations.Add(absl::StrCat(list, "[", i, "]"),
                       "OUT_OF_RANGE",
                       "Isi angka dari -1000000 sampai 1000000.",
                       "Give figures from -1000000 to 1000000.");
      }
    }
  };
  check("trained", trained);
  check("untrained", untrained);
  if (settings.caliper.sign() <= 0) {
    violations.Add("caliper",
                   "OUT_OF_RANGE",
                   "Isi selisih terbesar yang masih sebanding, di atas 0.",
                   "Give the largest difference that still compares, above 0.");
  }
  if (settings.minimum_pairs < 2) {
    violations.Add(
        "minimum_pairs", "OUT_OF_RANGE", "Isi sedikitnya 2 pasangan.", "Ask for at least 2 pairs.");
  }
  if (settings.confidence.sign() <= 0 || settings.confidence >= Decimal(1)) {
    violations.Add("confidence",
                   "OUT_OF_RANGE",
                   "Isi tingkat kepercayaan antara 0 dan 1.",
                   "Give a confidence between 0 and 1.");
  }
  return violations.ToStatus();
}

// Pairs of trained and untrained by position.
using Pairs = std::vector<std::pair<int, int>>;

class Matcher {
 public:
  Matcher(const std::vector<Measured>& trained,
          const std::vector<Measured>& untrained,
          const Decimal& caliper)
      : trained_(trained), untrained_(untrained), caliper_(Units(caliper)) {
    for (std::size_t i = 0; i < untrained.size(); ++i) {
      by_stratum_[untrained[i].stratum].emplace_back(Units(untrained[i].before),
                                                     static_cast<int>(i));
    }
    for (auto& [stratum, people] : by_stratum_) std::sort(people.begin(), people.end());
  }

  Pairs Match() {
    const Graph::Node source = graph_.addNode();
    const Graph::Node sink = graph_.addNode();
    for (std::size_t i = 0; i < trained_.size(); ++i) trained_nodes_.push_back(graph_.addNode());
    for (std::size_t i = 0; i < untrained_.size(); ++i) colleagues_.push_back(graph_.addNode());
    for (const Graph::Node node : trained_nodes_) Connect(source, node, 1, 0);
    for (const Graph::Node node : colleagues_) Connect(node, sink, 1, 0);
    // Having no pair costs more than any difference within the caliper.
    const auto people = static_cast<std::int64_t>(trained_.size());
    Connect(source, sink, people, caliper_ * (people + 1));
    for (std::size_t i = 0; i < trained_.size(); ++i) AddCandidates(static_cast<int>(i));
    lemon::NetworkSimplex<Graph, std::int64_t, std::int64_t> simplex(graph_);
    simplex.upperMap(capacity_).costMap(cost_).stSupply(source, sink, static_cast<int>(people));
    simplex.run();
    Pairs pairs;
    for (const auto& [arc, pair] : candidates_) {
      if (simplex.flow(arc) > 0) pairs.push_back(pair);
    }
    return pairs;
  }

 private:
  using Graph = lemon::SmartDigraph;

  // Millionths: figures up to a million give costs that stay within 64 bits.
  static std::int64_t Units(const Decimal& figure) {
    return static_cast<std::int64_t>(Round(figure, kDigits, Rounding::kHalfUp).unscaled());
  }

  Graph::Arc Connect(Graph::Node from, Graph::Node to, std::int64_t most, std::int64_t costs) {
    const Graph::Arc arc = graph_.addArc(from, to);
    capacity_[arc] = most;
    cost_[arc] = costs;
    return arc;
  }

  // The nearest within the caliper, from both sides.
  void AddCandidates(int index) {
    const auto found = by_stratum_.find(trained_[index].stratum);
    if (found == by_stratum_.end()) return;
    const auto& people = found->second;
    const std::int64_t before = Units(trained_[index].before);
    auto above = std::lower_bound(people.begin(), people.end(), std::pair(before, 0));
    auto below = above;
    for (std::size_t count = 0; count < kMostCandidates; ++count) {
      const std::int64_t up = above == people.end() ? caliper_ + 1 : above->first - before;
      const std::int64_t down =
          below == people.begin() ? caliper_ + 1 : before - (below - 1)->first;
      if (std::min(up, down) > caliper_) return;
      const int other = up <= down ? (above++)->second : (--below)->second;
      const Graph::Arc arc =
          Connect(trained_nodes_[index], colleagues_[other], 1, std::min(up, down));
      candidates_.emplace_back(arc, std::pair(index, other));
    }
  }

  const std::vector<Measured>& trained_;
  const std::vector<Measured>& untrained_;
  const std::int64_t caliper_;
  std::map<std::string, std::vector<std::pair<std::int64_t, int>>> by_stratum_;
  Graph graph_;
  Graph::ArcMap<std::int64_t> capacity_{graph_}, cost_{graph_};
  std::vector<Graph::Node> trained_nodes_, colleagues_;
  std::vector<std::pair<Graph::Arc, std::pair<int, int>>> candidates_;
};

Text TooFew(const EffectEstimate& estimate, int minimum) {
  return {absl::StrCat("Tidak dihitung: hanya ",
                       estimate.pairs,
                       " dari ",
                       estimate.trained,
                       " peserta mempunyai rekan pembanding; diperlukan sedikitnya ",
                       minimum,
                       "."),
          absl::StrCat("Not estimated: only ",
                       estimate.pairs,
                       " of ",
                       estimate.trained,
                       " participants have a colleague to compare with; at least ",
                       minimum,
                       " are needed.")};
}

Text Statement(const EffectEstimate& estimate, const Decimal& confidence) {
  const auto rounded = [](const Decimal& value) {
    return NumberText(Round(value, 2, Rounding::kHalfUp));
  };
  const Text mean = rounded(estimate.mean), lower = rounded(estimate.lower),
             upper = rounded(estimate.upper), percent = NumberText(confidence * Decimal(100));
  return {absl::StrCat("Pengamatan, bukan bukti: perubahan peserta dikurangi perubahan rekan ",
                       mean.id,
                       " (selang ",
                       percent.id,
                       "%: ",
                       lower.id,
                       " sampai ",
                       upper.id,
                       "; n = ",
                       estimate.pairs,
                       " pasangan)",
                       estimate.significant ? "." : "; tidak ada perubahan yang nyata."),
          absl::StrCat("Observed, not proven: change of participants less change of colleagues ",
                       mean.en,
                       " (",
                       percent.en,
                       "% interval ",
                       lower.en,
                       " to ",
                       upper.en,
                       "; n = ",
                       estimate.pairs,
                       " pairs)",
                       estimate.significant ? "." : "; no significant change.")};
}

void Estimate(const std::vector<double>& differences,
              const EffectSettings& settings,
              EffectEstimate& estimate) {
  const auto n = static_cast<double>(differences.size());
  double mean = 0, squares = 0;
  for (const double difference : differences) mean += difference / n;
  for (const double difference : differences) squares += std::pow(difference - mean, 2);
  const double error = std::sqrt(squares / (n - 1) / n);
  const boost::math::students_t distribution(n - 1);
  const double tail = (1 - ToDouble(settings.confidence)) / 2;
  const double reach = boost::math::quantile(boost::math::complement(distribution, tail)) * error;
  estimate.estimated = true;
  estimate.mean = Reported(mean);
  estimate.standard_error = Reported(error);
  estimate.lower = Reported(mean - reach);
  estimate.upper = Reported(mean + reach);
  estimate.significant = mean - reach > 0 || mean + reach < 0;
  estimate.text = Statement(estimate, settings.confidence);
}

struct Share {
  double value;
  double variance;
};

// How much courses differ beyond chance, by moments around the prior; where few are known, as
// much as is believed beforehand.
double SpreadOf(const std::vector<Share>& shares, double prior) {
  constexpr std::size_t kFew = 3;
  if (shares.size() < kFew) return kPriorSpread * kPriorSpread;
  double excess = 0;
  for (const Share& share : shares) excess += std::pow(share.value - prior, 2) - share.variance;
  const double floor = std::pow(kPriorSpread / 10, 2);
  return std::max(excess / static_cast<double>(shares.size()), floor);
}

}  // namespace

absl::StatusOr<EffectEstimate> EstimateEffect(const std::vector<Measured>& trained,
                                              const std::vector<Measured>& untrained,
                                              const EffectSettings& settings) {
  RETURN_IF_ERROR(Check(trained, untrained, settings));
  const Pairs pairs = Matcher(trained, untrained, settings.caliper).Match();
  EffectEstimate estimate;
  estimate.trained = static_cast<int>(trained.size());
  estimate.pairs = static_cast<int>(pairs.size());
  if (estimate.pairs < settings.minimum_pairs) {
    estimate.text = TooFew(estimate, settings.minimum_pairs);
    return estimate;
  }
  std::vector<double> differences;
  for (const auto& [person, colleague] : pairs) {
    const Decimal change = trained[person].after - trained[person].before;
    const Decimal other = untrained[colleague].after - untrained[colleague].before;
    differences.push_back(ToDouble(change - other));
  }
  Estimate(differences, settings, estimate);
  return estimate;
}

std::vector<Decimal> ExpectedEffects(const std::vector<CourseEffect>& courses,
                                     const Decimal& prior) {
  const auto known = [](const CourseEffect& course) {
    return course.estimate.estimated && course.mean_gap.sign() > 0;
  };
  const auto share_of = [](const CourseEffect& course) {
    const double gap = ToDouble(course.mean_gap);
    const double error = ToDouble(course.estimate.standard_error) / gap;
    return Share{.value = ToDouble(course.estimate.mean) / gap, .variance = error * error};
  };
  std::vector<Share> shares;
  for (const CourseEffect& course : courses) {
    if (known(course)) shares.push_back(share_of(course));
  }
  const double spread = SpreadOf(shares, ToDouble(prior));
  std::vector<Decimal> effects;
  for (const CourseEffect& course : courses) {
    double share = ToDouble(prior);
    if (known(course)) {
      const Share own = share_of(course);
      const double trust = spread / (spread + own.variance);
      share += trust * (own.value - share);
    }
    share = std::clamp(share, kLeastShare, 1.0);
    effects.push_back(Round(Rational(share), 3, Rounding::kHalfUp));
  }
  return effects;
}

}  // namespace teraju::allocation
