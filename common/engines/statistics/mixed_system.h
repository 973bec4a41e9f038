// Henderson's equations of the crossed model y = X beta + ratee + rater (+ item) (+ pair) + e for
// given ratios of variances: solutions, determinants, and the parts of the inverse that REML and
// standard errors need. All variances here are multiples of the residual's.
#pragma once

#include <Eigen/Dense>
#include <array>
#include <memory>
#include <vector>

#include "common/engines/statistics/core_matrix.h"
#include "common/engines/statistics/likelihood.h"
#include "common/engines/statistics/ratings.h"

namespace teraju::statistics {

enum Term { kRateeTerm, kRaterTerm, kItemTerm, kPairTerm, kTerms };

// Variance of each term over the residual variance.
using VarianceRatios = std::array<double, kTerms>;

struct MixedTerms {
  bool item = false;
  bool pair = false;  // what one rater thinks of one ratee, beyond both: needs several answers
  double exact_limit = 4e9;  // see MakeCoreMatrix
};

class MixedSystem {
 public:
  // Every group named in 0 ... groups - 1 that occurs is a column of X.
  MixedSystem(const Ratings& ratings, const MixedTerms& terms);

  // False where the equations are not positive definite in floating point.
  bool Factor(const VarianceRatios& ratios);

  // Fits `data` (one number per answer, in the order of answers()).
  struct Solution {
    Eigen::VectorXd ratee;
    Eigen::VectorXd rater;
    Eigen::VectorXd item;
    Eigen::VectorXd fixed;      // per column of X
    Eigen::VectorXd projected;  // P data: the residuals
  };
  Solution Solve(const Eigen::VectorXd& data) const;

  // log|V|, and for the restricted likelihood + log|X'V^-1 X|.
  double LogDeterminant(Likelihood likelihood) const;

  // Of the inverse of the equations, scaled by the residual variance: variances of prediction
  // errors. `conditional` holds the fixed effects as known, as lme4 does.
  struct Variances {
    Eigen::VectorXd ratee;
    Eigen::VectorXd ratee_conditional;
    Eigen::VectorXd rater_conditional;
    Eigen::VectorXd item_conditional;
    Eigen::MatrixXd ratee_fixed;  // covariance of each ratee's error with the fixed effects'
    Eigen::MatrixXd fixed;        // of the fixed effects
    // tr(Z' P Z) of each term, or tr(Z' V^-1 Z) for the full likelihood.
    VarianceRatios traces{};
  };
  // `precise`: see CoreMatrix.
  Variances Invert(Likelihood likelihood, bool precise) const;

  // Sums of `data` over the answers of each level of a term, and back.
  Eigen::VectorXd Collect(Term term, const Eigen::VectorXd& data) const;
  Eigen::VectorXd Spread(Term term, const Eigen::VectorXd& levels) const;

  const std::vector<Rating>& answers() const { return answers_; }
  Eigen::VectorXd Values() const;
  int fixed_effects() const { return static_cast<int>(column_group_.size()); }
  int column_group(int column) const { return column_group_[column]; }
  bool exact() const { return core_->exact(); }

 private:
  struct Pair {
    int ratee, rater, column;
    int first, last;  // answers
  };

  void SortIntoPairs(const Ratings& ratings);
  void BuildGraph();
  void BuildBorder();
  int Border() const { return items_ + fixed_effects(); }
  int BorderOf(Likelihood likelihood) const {
    return likelihood == Likelihood::kFull ? items_ : Border();
  }
  Eigen::VectorXd PairWeights() const;
  Eigen::VectorXd Whiten(const Eigen::VectorXd& data) const;
  Eigen::MatrixXd SolveRandom(const Eigen::MatrixXd& right) const;
  double PairTrace(const CoreMatrix::Inverse& inverse,
                   const Eigen::VectorXd& random,
                   int border) const;

  MixedTerms terms_;
  int ratees_;
  int raters_;
  int items_;
  bool raters_eliminated_;
  std::vector<Rating> answers_;
  std::vector<Pair> pairs_;
  std::vector<int> pair_of_;       // per answer
  std::vector<int> column_group_;  // group of each column of X
  CoreGraph graph_;
  std::vector<int> edge_of_pair_;
  std::unique_ptr<CoreMatrix> core_;

  // Of the last Factor().
  VarianceRatios theta_{};  // standard deviations
  Eigen::VectorXd pair_weight_;
  CoreValues values_;
  Eigen::MatrixXd border_;         // K: random effects by border
  Eigen::MatrixXd border_solved_;  // A^-1 K
  Eigen::MatrixXd corner_;         // T
  Eigen::LLT<Eigen::MatrixXd> corner_factor_;
};

}  // namespace teraju::statistics
