// Whether the predicates of a unit's people fit the pattern of the unit's own predicate: SE
// MenPANRB 3/2023, PermenPANRB 6/2022 p. 94. It reports; it never moves anybody.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "common/decimal/decimal.h"
#include "common/engines/rules/predicate.h"

namespace teraju::rules {

// How many people have each predicate.
class Counts {
 public:
  Counts() = default;
  Counts(int very_good, int good, int needs_improvement, int poor, int very_poor)
      : counts_{very_good, good, needs_improvement, poor, very_poor} {}

  int& operator[](Predicate predicate) { return counts_[static_cast<std::size_t>(predicate) - 1]; }
  int operator[](Predicate predicate) const {
    return counts_[static_cast<std::size_t>(predicate) - 1];
  }
  int total() const;

 private:
  std::array<int, 5> counts_ = {};
};

// One line of a pattern, about the people who have any of the predicates in `of`.
struct Constraint {
  enum class Kind {
    kMost,          // sebagian besar, of one predicate; what that means is the pattern's
    kAtMostShare,   // of the population, in percent, rounded down to people
    kAtLeastShare,  // of the population, in percent, rounded up to people
    kAtLeastCount,
  };
  std::string code;
  std::vector<Predicate> of;
  Kind kind = Kind::kMost;
  Decimal amount;  // percent or people; unused for kMost
};

// "Sebagian besar" is not quantified in the regulation.
enum class Most {
  kPlurality,  // more than any other predicate
  kMajority,   // more than half
};

// The patterns by unit predicate, in its order.
struct DistributionRules {
  Most most = Most::kPlurality;
  std::array<std::vector<Constraint>, 5> patterns;

  const std::vector<Constraint>& Of(UnitPredicate predicate) const {
    return patterns[static_cast<std::size_t>(predicate) - 1];
  }
};

// The five patterns of the circular.
const DistributionRules& StandardDistribution();

// What came of one constraint. `limit` is in people; `by` is how many are too many or missing, 0
// where it holds.
struct ConstraintResult {
  std::string code;
  int have = 0;
  int limit = 0;
  int by = 0;
  Text text;  // what is asked, what is there, and how the limit was rounded

  bool holds() const { return by == 0; }
};

struct Distribution {
  int population = 0;
  std::vector<ConstraintResult> constraints;
  bool conforms = true;
  // No distribution of so few people fits the pattern; asked of units up to 20, beyond that every
  // pattern fits.
  bool too_small = false;
};

// PP 30/2019's ranking of a unit's people, in percent of them. The lower limit of the outer groups
// (10 has been named) is not confirmed: by default there is none.
struct RankingRules {
  Decimal above_at_most = 20;
  Decimal expected_at_least = 60;
  Decimal expected_at_most = 70;
  Decimal below_at_most = 20;
  Decimal outer_at_least = 0;
};

// The same report for the three groups of the ranking. It reports; it never moves anybody.
Distribution CheckRanking(int above, int expected, int below, const RankingRules& rules = {});

// A unit without people conforms, and is too small.
Distribution CheckDistribution(UnitPredicate unit,
                               const Counts& counts,
                               const DistributionRules& rules = StandardDistribution());

}  // namespace teraju::rules
