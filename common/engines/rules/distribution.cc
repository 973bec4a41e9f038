#include "common/engines/rules/distribution.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "common/decimal/rounding.h"

namespace teraju::rules {
namespace {

using Kind = Constraint::Kind;

constexpr int kLargestSmallUnit = 20;

int PeopleOf(const Counts& counts, const std::vector<Predicate>& predicates) {
  int people = 0;
  for (const Predicate predicate : predicates) people += counts[predicate];
  return people;
}

int ToPeople(const Decimal& percent, int population, Rounding rounding) {
  const Rational exact = ToRational(percent * Decimal(population)) / Rational(100);
  return static_cast<int>(Round(exact, 0, rounding).unscaled());
}

// The fewest people that are "most".
int FewestOfMost(const Counts& counts, const std::vector<Predicate>& of, Most most) {
  if (most == Most::kMajority) return counts.total() / 2 + 1;
  int largest_other = 0;
  for (const Predicate predicate : kPredicates) {
    if (std::find(of.begin(), of.end(), predicate) == of.end()) {
      largest_other = std::max(largest_other, counts[predicate]);
    }
  }
  return largest_other + 1;
}

struct Limit {
  int people;
  bool upper;
};

Limit LimitOf(const Constraint& constraint, const Counts& counts, Most most) {
  switch (constraint.kind) {
    case Kind::kMost:
      return {FewestOfMost(counts, constraint.of, most), false};
    case Kind::kAtMostShare:
      return {ToPeople(constraint.amount, counts.total(), Rounding::kFloor), true};
    case Kind::kAtLeastShare:
      return {ToPeople(constraint.amount, counts.total(), Rounding::kCeiling), false};
    case Kind::kAtLeastCount:
      return {ToPeople(constraint.amount * Decimal(100), 1, Rounding::kCeiling), false};
  }
  return {0, false};
}

int ShortfallOf(const Constraint& constraint, const Counts& counts, Most most) {
  const Limit limit = LimitOf(constraint, counts, most);
  const int have = PeopleOf(counts, constraint.of);
  return std::max(0, limit.upper ? have - limit.people : limit.people - have);
}

using Labels = Text (*)(Predicate);

Text NamesOf(const std::vector<Predicate>& predicates, Labels labels) {
  Text names;
  for (const Predicate predicate : predicates) {
    const Text label = labels(predicate);
    names.id += (names.id.empty() ? "" : " dan ") + label.id;
    names.en += (names.en.empty() ? "" : " and ") + label.en;
  }
  return names;
}

Text Explain(
    const Constraint& constraint, int population, int have, int limit, Most most, Labels labels) {
  const Text names = NamesOf(constraint.of, labels);
  const std::string percent = constraint.amount.ToString();
  switch (constraint.kind) {
    case Kind::kMost: {
      const bool plurality = most == Most::kPlurality;
      return {fmt::format("{} harus sebagian besar ({}), paling sedikit {} orang; ada {}.",
                          names.id,
                          plurality ? "terbanyak di antara predikat" : "lebih dari setengah",
                          limit,
                          have),
              fmt::format("{} must be most ({}), at least {} people; there are {}.",
                          names.en,
                          plurality ? "more than any other predicate" : "more than half",
                          limit,
                          have)};
    }
    case Kind::kAtMostShare:
      return {fmt::format("{} paling banyak {}% dari {} orang = {} (dibulatkan ke bawah); ada {}.",
                          names.id,
                          percent,
                          population,
                          limit,
                          have),
              fmt::format("{} at most {}% of {} people = {} (rounded down); there are {}.",
                          names.en,
                          percent,
                          population,
                          limit,
                          have)};
    case Kind::kAtLeastShare:
      return {fmt::format("{} paling sedikit {}% dari {} orang = {} (dibulatkan ke atas); ada {}.",
                          names.id,
                          percent,
                          population,
                          limit,
                          have),
              fmt::format("{} at least {}% of {} people = {} (rounded up); there are {}.",
                          names.en,
                          percent,
                          population,
                          limit,
                          have)};
    case Kind::kAtLeastCount:
      return {fmt::format("{} paling sedikit {} orang; ada {}.", names.id, limit, have),
              fmt::format("{} at least {} people; there are {}.", names.en, limit, have)};
  }
  return {};
}

// Whether any distribution of `population` people fits: tries all.
bool IsPossible(const std::vector<Constraint>& pattern, int population, Most most) {
  for (int a = 0; a <= population; ++a) {
    for (int b = 0; a + b <= population; ++b) {
      for (int c = 0; a + b + c <= population; ++c) {
        for (int d = 0; a + b + c + d <= population; ++d) {
          const Counts counts(a, b, c, d, population - a - b - c - d);
          const bool fits = std::all_of(pattern.begin(), pattern.end(), [&](const Constraint& c) {
            return ShortfallOf(c, counts, most) == 0;
          });
          if (fits) return true;
        }
      }
    }
  }
  return false;
}

DistributionRules MakeStandard() {
  using enum Predicate;
  DistributionRules rules;
  rules.patterns = {{
      {{"VERY_GOOD_MOST", {kVeryGood}, Kind::kMost, 0},
       {"VERY_GOOD_AT_MOST_70", {kVeryGood}, Kind::kAtMostShare, 70}},
      {{"GOOD_MOST", {kGood}, Kind::kMost, 0},
       {"GOOD_AT_MOST_70", {kGood}, Kind::kAtMostShare, 70},
       {"SOME_BELOW_GOOD", {kNeedsImprovement, kPoor}, Kind::kAtLeastCount, 1}},
      {{"NEEDS_IMPROVEMENT_AT_LEAST_60", {kNeedsImprovement}, Kind::kAtLeastShare, 60},
       {"VERY_GOOD_AT_MOST_10", {kVeryGood}, Kind::kAtMostShare, 10}},
      {{"POOR_AT_LEAST_60", {kPoor}, Kind::kAtLeastShare, 60},
       {"NEEDS_IMPROVEMENT_AT_LEAST_10", {kNeedsImprovement}, Kind::kAtLeastShare, 10},
       {"VERY_GOOD_AT_MOST_10", {kVeryGood}, Kind::kAtMostShare, 10}},
      {{"VERY_POOR_AT_LEAST_60", {kVeryPoor}, Kind::kAtLeastShare, 60},
       {"POOR_OR_NEEDS_IMPROVEMENT_AT_LEAST_10",
        {kPoor, kNeedsImprovement},
        Kind::kAtLeastShare,
        10},
       {"VERY_GOOD_NONE", {kVeryGood}, Kind::kAtMostShare, 0}},
  }};
  return rules;
}

// The groups of the ranking.
Text GroupLabel(Predicate group) {
  return Label(static_cast<Rating>(std::min(static_cast<int>(group), 3)));
}

Distribution CheckPattern(const std::vector<Constraint>& pattern,
                          const Counts& counts,
                          Most most,
                          Labels labels) {
  Distribution result;
  result.population = counts.total();
  if (result.population == 0) {
    result.too_small = true;
    return result;
  }
  for (const Constraint& constraint : pattern) {
    ConstraintResult& line = result.constraints.emplace_back();
    line.code = constraint.code;
    line.have = PeopleOf(counts, constraint.of);
    line.limit = LimitOf(constraint, counts, most).people;
    line.by = ShortfallOf(constraint, counts, most);
    line.text = Explain(constraint, result.population, line.have, line.limit, most, labels);
    result.conforms = result.conforms && line.holds();
  }
  result.too_small = !result.conforms && result.population <= kLargestSmallUnit &&
                     !IsPossible(pattern, result.population, most);
  return result;
}

}  // namespace

int Counts::total() const { return std::accumulate(counts_.begin(), counts_.end(), 0); }

const DistributionRules& StandardDistribution() {
  static const auto* const rules = new DistributionRules(MakeStandard());
  return *rules;
}

Distribution CheckDistribution(UnitPredicate unit,
                               const Counts& counts,
                               const DistributionRules& rules) {
  return CheckPattern(rules.Of(unit), counts, rules.most, &Label);
}

Distribution CheckRanking(int above, int expected, int below, const RankingRules& rules) {
  using enum Predicate;
  std::vector<Constraint> pattern = {
      {"ABOVE_AT_MOST", {kVeryGood}, Kind::kAtMostShare, rules.above_at_most},
      {"EXPECTED_AT_LEAST", {kGood}, Kind::kAtLeastShare, rules.expected_at_least},
      {"EXPECTED_AT_MOST", {kGood}, Kind::kAtMostShare, rules.expected_at_most},
      {"BELOW_AT_MOST", {kNeedsImprovement}, Kind::kAtMostShare, rules.below_at_most},
  };
  if (rules.outer_at_least.sign() > 0) {
    pattern.push_back({"ABOVE_AT_LEAST", {kVeryGood}, Kind::kAtLeastShare, rules.outer_at_least});
    pattern.push_back(
        {"BELOW_AT_LEAST", {kNeedsImprovement}, Kind::kAtLeastShare, rules.outer_at_least});
  }
  // Three groups, in the places of the first three predicates.
  pattern.push_back({"", {kPoor, kVeryPoor}, Kind::kAtMostShare, 0});
  Distribution result =
      CheckPattern(pattern, Counts(above, expected, below, 0, 0), Most::kPlurality, &GroupLabel);
  if (!result.constraints.empty()) result.constraints.pop_back();
  return result;
}

}  // namespace teraju::rules
