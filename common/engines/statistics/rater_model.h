// The rater model: y = mean of the group + ratee + rater (+ item) (+ pair) + error, crossed random
// effects fitted by REML; what raters' severity and chance leave of a ratee's value, with its
// uncertainty. Formulas and sources: README.md.
#pragma once

#include <optional>
#include <vector>

#include "common/engines/statistics/likelihood.h"
#include "common/engines/statistics/ratings.h"
#include "common/engines/statistics/refusal.h"
#include "common/engines/statistics/reliability.h"

namespace teraju::statistics {

struct RaterModelOptions {
  Likelihood likelihood = Likelihood::kRestricted;
  bool rater_effect = true;  // false: ratees and error only
  // Items are an effect of their own where there are several.
  bool item_effect = true;
  // What a rater thinks of a ratee beyond both; needs several answers of a rater about a ratee.
  // With it, ten answers of one rater count little more than one, as they should.
  bool pair_effect = false;
  // Shares of the groups in the adjusted value, by group; empty: as the groups answered.
  std::vector<double> group_weights;
  double confidence = 0.95;
  // Intervals are cut at the ends of the scale.
  std::optional<Interval> scale;
  // Floating point operations of one factorisation beyond which the fit is iterative, with a Monte
  // Carlo error far below the statistical one.
  double exact_limit = 4e9;
};

// A level of a random effect.
struct Effect {
  double value = 0;           // its BLUP
  double conditional_sd = 0;  // with fixed effects and variances held as known, as lme4 gives it
  int answers = 0;
};

struct AdjustedRatee {
  int raters = 0;
  int answers = 0;  // 0: nothing is known but the mean
  double raw = 0;   // mean of the answers
  double adjusted = 0;
  double standard_error = 0;  // of the adjusted value, variances' uncertainty included
  Interval interval;
  double reliability = 0;  // share of the ratee variance that the value explains
};

struct GroupEffect {
  int group = 0;
  double mean = 0;
  double standard_error = 0;
};

struct RaterFit {
  double mean = 0;  // by the groups' weights
  double mean_standard_error = 0;
  std::vector<GroupEffect> groups;
  // Standard deviations; 0 where the estimate lies on the boundary or the effect is not in the
  // model.
  double ratee_sd = 0;
  double rater_sd = 0;
  double item_sd = 0;
  double pair_sd = 0;
  double residual_sd = 0;
  double criterion = 0;  // minus twice the log of the (restricted) likelihood
  int iterations = 0;
  bool exact = true;  // false: iterative, see exact_limit
  std::vector<AdjustedRatee> ratees;
  std::vector<Effect> ratee_effects;
  std::vector<Effect> rater_effects;  // severity: negative is severe
  std::vector<Effect> item_effects;
};

// Refused: fewer than two ratees or raters, too few answers for the parameters, constant answers,
// answers that ratees and raters explain without rest, raters who are not connected by ratees.
// Ratees and raters without any answer are left out of account.
Outcome<RaterFit> FitRaterModel(const Ratings& ratings, const RaterModelOptions& options = {});

}  // namespace teraju::statistics
