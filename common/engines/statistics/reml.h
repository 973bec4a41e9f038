// (Restricted) maximum likelihood of the variance ratios of a mixed system, by average information
// with the residual variance profiled out.
#pragma once

#include <Eigen/Dense>
#include <vector>

#include "common/engines/statistics/mixed_system.h"
#include "common/engines/statistics/refusal.h"

namespace teraju::statistics {

struct RemlFit {
  VarianceRatios ratios{};  // 0 on the boundary
  double residual_variance = 0;
  double criterion = 0;
  int iterations = 0;
  double degrees = 0;  // for intervals: of the ratee variance's estimate
  MixedSystem::Solution solution;
  // How the estimates move with the variance ratios (one column for each term of the fit), and how
  // uncertain those are.
  Eigen::MatrixXd ratee_slopes;
  Eigen::MatrixXd fixed_slopes;
  Eigen::MatrixXd ratio_covariance;
};

// Leaves the system factored at the solution. Refused where answers are explained without rest, or
// where the equations cannot be solved in floating point.
Outcome<RemlFit> FitReml(MixedSystem& system,
                         const std::vector<Term>& terms,
                         Likelihood likelihood);

}  // namespace teraju::statistics
