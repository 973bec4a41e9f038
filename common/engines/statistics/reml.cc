#include "common/engines/statistics/reml.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

namespace teraju::statistics {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// Ratios below this count as zero: the boundary. Slopes are taken there and not at zero, where the
// inverse loses them.
constexpr double kFloor = 1e-7;
constexpr double kCeiling = 1e9;
constexpr int kMaxIterations = 100;
// Of the criterion: an estimate is then off by less than 1e-5 of its standard error.
constexpr double kTolerance = 1e-10;
constexpr double kInexactTolerance = 1e-8;

// The system at given ratios.
struct Point {
  VarianceRatios ratios{};
  MixedSystem::Solution solution;
  double quadratic = 0;  // y'Py
  double criterion = 0;
};

// Derivatives of the criterion by the ratios.
struct Slopes {
  VectorXd gradient;
  MatrixXd information;  // average of observed and expected second derivatives
  MatrixXd ratee;        // see RemlFit
  MatrixXd fixed;
};

class Reml {
 public:
  Reml(MixedSystem& system, const std::vector<Term>& terms, Likelihood likelihood)
      : system_(system),
        terms_(terms),
        likelihood_(likelihood),
        data_(system.Values()),
        degrees_(static_cast<double>(data_.size()) -
                 (likelihood == Likelihood::kFull ? 0 : system.fixed_effects())) {
    // Far from zero numbers lose digits.
    data_.array() -= data_.mean();
  }

  std::optional<Point> At(const VarianceRatios& ratios, bool with_criterion) {
    if (!system_.Factor(ratios)) return std::nullopt;
    Point point{ratios, system_.Solve(data_), 0, 0};
    point.quadratic = data_.dot(point.solution.projected);
    if (!(point.quadratic > 0)) return std::nullopt;
    if (with_criterion) {
      point.criterion =
          system_.LogDeterminant(likelihood_) +
          degrees_ * (1 + std::log(2 * std::numbers::pi * point.quadratic / degrees_));
    }
    return point;
  }

  // At the point that the system is factored at.
  Slopes SlopesAt(const Point& point) const {
    const Index k = static_cast<Index>(terms_.size());
    const MixedSystem::Variances variances = system_.Invert(likelihood_, false);
    MatrixXd working(data_.size(), k);
    MatrixXd projected(data_.size(), k);
    VectorXd quadratic(k);
    Slopes slopes{VectorXd(k), MatrixXd(k, k), {}, {}};
    slopes.ratee.resize(point.solution.ratee.size(), k);
    slopes.fixed.resize(point.solution.fixed.size(), k);
    for (Index t = 0; t < k; ++t) {
      const VectorXd levels = system_.Collect(terms_[t], point.solution.projected);
      quadratic[t] = levels.squaredNorm();
      working.col(t) = system_.Spread(terms_[t], levels);
      const MixedSystem::Solution response = system_.Solve(working.col(t));
      projected.col(t) = response.projected;
      slopes.ratee.col(t) = -response.ratee;
      if (terms_[t] == kRateeTerm) slopes.ratee.col(t) += levels;
      slopes.fixed.col(t) = -response.fixed;
      slopes.gradient[t] = variances.traces[terms_[t]] - degrees_ * quadratic[t] / point.quadratic;
    }
    slopes.information =
        degrees_ * (working.transpose() * projected) / point.quadratic -
        degrees_ * quadratic * quadratic.transpose() / (point.quadratic * point.quadratic);
    return slopes;
  }

  const VectorXd& data() const { return data_; }
  double degrees() const { return degrees_; }
  double total() const { return data_.squaredNorm(); }
  bool exact() const { return system_.exact(); }
  const std::vector<Term>& terms() const { return terms_; }

 private:
  MixedSystem& system_;
  const std::vector<Term>& terms_;
  Likelihood likelihood_;
  VectorXd data_;
  double degrees_;
};

// Newton's step among the terms that are not held at the boundary, damped.
VectorXd StepOf(const Slopes& slopes, const VectorXd& ratios, double damping) {
  const Index k = ratios.size();
  MatrixXd information = slopes.information;
  VectorXd gradient = slopes.gradient;
  for (Index t = 0; t < k; ++t) {
    information(t, t) *= 1 + damping;
    if (ratios[t] > kFloor || gradient[t] < 0) continue;
    information.row(t).setZero();
    information.col(t).setZero();
    information(t, t) = 1;
    gradient[t] = 0;
  }
  // A direction without information gets a small step, not an infinite one.
  const double ridge = 1e-12 * information.diagonal().maxCoeff();
  information.diagonal().array() += ridge;
  return -information.ldlt().solve(gradient);
}

VarianceRatios Moved(const std::vector<Term>& terms,
                     const VarianceRatios& from,
                     const VectorXd& step) {
  VarianceRatios to = from;
  for (std::size_t t = 0; t < terms.size(); ++t) {
    const double old = from[terms[t]];
    // Not further down than to a twentieth at once, unless that is the boundary.
    const double least = old > 1e-4 ? old / 20 : kFloor;
    to[terms[t]] = std::clamp(old + step[static_cast<Index>(t)], least, kCeiling);
  }
  return to;
}

VectorXd RatiosOf(const std::vector<Term>& terms, const VarianceRatios& ratios) {
  VectorXd result(static_cast<Index>(terms.size()));
  for (std::size_t t = 0; t < terms.size(); ++t) result[static_cast<Index>(t)] = ratios[terms[t]];
  return result;
}

double ExpectedGain(const Slopes& slopes, const VectorXd& moved) {
  return -0.5 * slopes.gradient.dot(moved);
}

struct Climb {
  Point point;
  Slopes slopes;
  int iterations = 0;
};

// Down the criterion. Iterative systems carry noise in the criterion, though not in their
// equations: for them a step is kept without comparing.
std::optional<Climb> Minimize(Reml& reml) {
  VarianceRatios start{};
  for (const Term term : reml.terms()) start[term] = 0.3;
  std::optional<Point> point = reml.At(start, reml.exact());
  if (!point) return std::nullopt;
  Climb climb{*std::move(point), {}, 0};
  climb.slopes = reml.SlopesAt(climb.point);
  const double tolerance = reml.exact() ? kTolerance : kInexactTolerance;
  double damping = 0;
  while (climb.iterations++ < kMaxIterations) {
    const VectorXd here = RatiosOf(reml.terms(), climb.point.ratios);
    const VarianceRatios target =
        Moved(reml.terms(), climb.point.ratios, StepOf(climb.slopes, here, damping));
    const VectorXd moved = RatiosOf(reml.terms(), target) - here;
    if (ExpectedGain(climb.slopes, moved) < tolerance && damping < 1) break;
    point = reml.At(target, reml.exact());
    const bool better = point && (!reml.exact() || point->criterion < climb.point.criterion);
    if (better) {
      climb.point = *std::move(point);
      climb.slopes = reml.SlopesAt(climb.point);
      damping = damping < 1e-3 ? 0 : damping / 10;
    } else {
      damping = damping == 0 ? 0.1 : damping * 10;
      if (damping > 1e8) break;  // nothing better within floating point
    }
  }
  return climb;
}

Refusal NoRest() {
  return {RefusalReason::kZeroVariance,
          "Ratees and raters explain every answer without a rest: there is no error to measure "
          "against. Check for copied or generated answers.",
          "Orang yang dinilai dan penilai menjelaskan semua jawaban tanpa sisa: tidak ada galat "
          "sebagai pembanding. Periksa apakah jawaban disalin atau dibuat mesin."};
}

Refusal NotSolvable() {
  return {RefusalReason::kNotSeparable,
          "The effects cannot be told apart with these answers. Let raters overlap more.",
          "Pengaruh tidak dapat dipisahkan dengan jawaban ini. Perbanyak tumpang tindih penilai."};
}

// Twice the inverse of the information; directions without information stay out.
MatrixXd CovarianceOf(const Slopes& slopes) {
  const Eigen::SelfAdjointEigenSolver<MatrixXd> eigen(slopes.information);
  const double least = 1e-10 * std::max(eigen.eigenvalues().maxCoeff(), 1e-300);
  const VectorXd inverse =
      (eigen.eigenvalues().array() > least).select(2 / eigen.eigenvalues().array().max(least), 0.0);
  return eigen.eigenvectors() * inverse.asDiagonal() * eigen.eigenvectors().transpose();
}

}  // namespace

Outcome<RemlFit> FitReml(MixedSystem& system,
                         const std::vector<Term>& terms,
                         Likelihood likelihood) {
  Reml reml(system, terms, likelihood);
  std::optional<Climb> climb = Minimize(reml);
  if (!climb) return NotSolvable();
  RemlFit fit;
  fit.ratios = climb->point.ratios;
  for (const Term term : terms) {
    if (fit.ratios[term] <= 1.01 * kFloor) fit.ratios[term] = 0;
    if (fit.ratios[term] >= kCeiling / 2) return NoRest();
  }
  const std::optional<Point> point = reml.At(fit.ratios, true);
  if (!point) return NotSolvable();
  if (point->quadratic < 1e-10 * reml.total()) return NoRest();
  fit.residual_variance = point->quadratic / reml.degrees();
  fit.criterion = point->criterion;
  fit.iterations = climb->iterations;
  fit.solution = point->solution;
  fit.solution.fixed.array() += system.Values().mean();
  fit.ratee_slopes = climb->slopes.ratee;
  fit.fixed_slopes = climb->slopes.fixed;
  fit.ratio_covariance = CovarianceOf(climb->slopes);
  fit.degrees = 1e6;
  return fit;
}

}  // namespace teraju::statistics
