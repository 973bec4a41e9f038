// Conjugate gradients, and traces by probing with signs. Deterministic terms of the Neumann series
// are taken exactly, so that the probes see only what is left of the inverse; the signs come from a
// fixed seed: the same data give the same result.
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "common/engines/statistics/core_matrix.h"
#include "common/engines/statistics/core_pattern.h"

namespace teraju::statistics {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;
// A node's numbers lie together: the graph is walked once for all columns.
using Columns = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr int kProbes = 32;
// The error of a sum over n levels goes with 1 / sqrt(n probes): large systems need few for sums.
constexpr int kFewProbes = 8;
constexpr double kLevelsProbed = 200'000;
constexpr int kMaxIterations = 2000;
constexpr double kTolerance = 1e-11;      // of the residual, relative
constexpr double kProbeTolerance = 1e-7;  // far below the probes' own error
constexpr int kLanczosSteps = 20;

// SplitMix64 (Steele, Lea and Flood 2014).
std::uint64_t NextRandom(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

Columns Signs(int rows) {
  std::uint64_t state = 20250101;
  Columns signs(rows, kProbes);
  for (int i = 0; i < rows; ++i) {
    const std::uint64_t bits = NextRandom(state);
    for (int c = 0; c < kProbes; ++c) signs(i, c) = (bits >> c & 1) != 0 ? 1 : -1;
  }
  return signs;
}

class IterativeCore : public CoreMatrix {
 public:
  explicit IterativeCore(const CoreGraph& graph)
      : graph_(graph),
        leaves_(graph),
        signs_(Signs(graph.cores)),
        few_(std::clamp(static_cast<int>(kLevelsProbed / graph.cores), kFewProbes, kProbes)) {}

  bool Factor(const CoreValues& values) override {
    values_ = values;
    inverse_leaf_ = values.leaf_diagonal.cwiseInverse();
    diagonal_ = values.core_diagonal;
    for (int i = 0; i < graph_.cores; ++i) {
      for (int e = graph_.start[i]; e < graph_.start[i + 1]; ++e) {
        diagonal_[i] -= values.weight[e] * values.weight[e] * inverse_leaf_[graph_.leaf[e]];
      }
    }
    return (diagonal_.array() > 0).all();
  }

  // log|D| + the remainder of log(I - N), N = D^-1/2 (D - S) D^-1/2, by Lanczos quadrature (Ubaru,
  // Chen and Saad 2017); N itself has a zero trace.
  double LogDeterminant() const override {
    const VectorXd root = diagonal_.cwiseSqrt().cwiseInverse();
    const Tridiagonals lanczos = Lanczos(root);
    double rest = 0;
    for (int c = 0; c < few_; ++c) rest += Quadrature(lanczos, c) / few_;
    return diagonal_.array().log().sum() + graph_.cores * rest;
  }

  void Solve(MatrixXd& right) const override {
    Columns x = right;
    ConjugateGradients(x, kTolerance);
    right = x;
  }

  Inverse Invert(bool precise) const override {
    // Z = D^-1 + D^-1 E D^-1 + rest, E = D - S; the rest is probed.
    const int probes = precise ? kProbes : few_;
    const Columns signs = signs_.leftCols(probes);
    Columns rest = signs;
    ConjugateGradients(rest, kProbeTolerance);
    const Columns scaled = Precondition(signs);
    rest -= scaled + Precondition(diagonal_.asDiagonal() * scaled - Multiply(scaled));
    Inverse result;
    result.diagonal = diagonal_.cwiseInverse() + signs.cwiseProduct(rest).rowwise().sum() / probes;
    // Per leaf: W'z once, then each edge's part of Z W.
    result.edge = EdgesOfSeries();
    const Columns below = Below(signs);
    for (int i = 0; i < graph_.cores; ++i) {
      for (int e = graph_.start[i]; e < graph_.start[i + 1]; ++e) {
        result.edge[e] += rest.row(i).dot(below.row(graph_.leaf[e])) / probes;
      }
    }
    return result;
  }

  bool exact() const override { return false; }

 private:
  static VectorXd Quotient(const VectorXd& a, const VectorXd& b) {
    return (b.array() > 0).select(a.array() / b.array().max(1e-300), 0.0);
  }

  void ConjugateGradients(Columns& right, double tolerance) const {
    Columns x = Columns::Zero(right.rows(), right.cols());
    Columns& r = right;
    Columns z = Precondition(r);
    Columns p = z;
    VectorXd rz = r.cwiseProduct(z).colwise().sum();
    const VectorXd target = tolerance * tolerance * r.colwise().squaredNorm().transpose();
    for (int iteration = 0; iteration < kMaxIterations; ++iteration) {
      if ((r.colwise().squaredNorm().transpose().array() <= target.array()).all()) break;
      const Columns q = Multiply(p);
      const VectorXd pq = p.cwiseProduct(q).colwise().sum();
      const VectorXd alpha = Quotient(rz, pq);
      x += p * alpha.asDiagonal();
      r -= q * alpha.asDiagonal();
      z = Precondition(r);
      const VectorXd next = r.cwiseProduct(z).colwise().sum();
      p = z + p * Quotient(next, rz).asDiagonal();
      rz = next;
    }
    right = std::move(x);
  }

  Columns Precondition(const Columns& x) const { return diagonal_.cwiseInverse().asDiagonal() * x; }

  // W'x.
  Columns Below(const Columns& x) const {
    Columns out = Columns::Zero(graph_.leaves, x.cols());
    for (int i = 0; i < graph_.cores; ++i) {
      for (int e = graph_.start[i]; e < graph_.start[i + 1]; ++e) {
        out.row(graph_.leaf[e]) += values_.weight[e] * x.row(i);
      }
    }
    return out;
  }

  Columns Multiply(const Columns& x) const {
    const Columns below = inverse_leaf_.asDiagonal() * Below(x);
    Columns out = values_.core_diagonal.asDiagonal() * x;
    for (int i = 0; i < graph_.cores; ++i) {
      for (int e = graph_.start[i]; e < graph_.start[i + 1]; ++e) {
        out.row(i) -= values_.weight[e] * below.row(graph_.leaf[e]);
      }
    }
    return out;
  }

  // Z W on the edges, for Z = D^-1 + D^-1 E D^-1: with D^-1 E D^-1 W = D^-1 (D - S) D^-1 W.
  VectorXd EdgesOfSeries() const {
    // In the order of leaves, so that the inner loops read on and on.
    std::vector<double> weight(leaves_.edge.size());
    for (std::size_t t = 0; t < weight.size(); ++t) weight[t] = values_.weight[leaves_.edge[t]];
    VectorXd edge(values_.weight.size());
    const VectorXd inverse = diagonal_.cwiseInverse();
    std::vector<double> row(graph_.cores);
    std::vector<int> touched;
    for (int i = 0; i < graph_.cores; ++i) {
      CollectRow(i, weight, row, touched);
      row[i] = diagonal_[i];  // E has no diagonal; D^-1 itself counts once
      for (int e = graph_.start[i]; e < graph_.start[i + 1]; ++e) {
        const int leaf = graph_.leaf[e];
        double sum = 0;
        for (int t = leaves_.start[leaf]; t < leaves_.start[leaf + 1]; ++t) {
          const int k = leaves_.core[t];
          sum += row[k] * weight[t] * inverse[k];
        }
        edge[e] = sum * inverse[i];
      }
      for (const int k : touched) row[k] = 0;
      touched.clear();
    }
    return edge;
  }

  // Row i of E, and its own column: E(i, k) is the sum over leaves of w w / e.
  void CollectRow(int i,
                  const std::vector<double>& weight,
                  std::vector<double>& row,
                  std::vector<int>& touched) const {
    for (int e = graph_.start[i]; e < graph_.start[i + 1]; ++e) {
      const int leaf = graph_.leaf[e];
      const double own = values_.weight[e] * inverse_leaf_[leaf];
      for (int t = leaves_.start[leaf]; t < leaves_.start[leaf + 1]; ++t) {
        const int k = leaves_.core[t];
        if (row[k] == 0) touched.push_back(k);
        row[k] += own * weight[t];
      }
    }
  }

  // Per probe the coefficients of Lanczos' recurrence on N.
  struct Tridiagonals {
    MatrixXd alpha;  // steps by probes
    MatrixXd beta;
  };

  Tridiagonals Lanczos(const VectorXd& root) const {
    const int steps = std::min(kLanczosSteps, graph_.cores);
    Tridiagonals result{MatrixXd::Zero(steps, few_), MatrixXd::Zero(steps, few_)};
    Columns previous = Columns::Zero(graph_.cores, few_);
    Columns v = signs_.leftCols(few_) / std::sqrt(static_cast<double>(graph_.cores));
    VectorXd beta = VectorXd::Zero(few_);
    for (int step = 0; step < steps; ++step) {
      Columns w = v - root.asDiagonal() * Multiply(root.asDiagonal() * v);
      const VectorXd alpha = w.cwiseProduct(v).colwise().sum();
      w -= v * alpha.asDiagonal();
      w -= previous * beta.asDiagonal();
      beta = w.colwise().norm().transpose();
      result.alpha.row(step) = alpha.transpose();
      result.beta.row(step) = beta.transpose();
      previous = std::move(v);
      v = w * (beta.array() > 1e-12)
                  .select(beta.array().max(1e-300).inverse(), 0.0)
                  .matrix()
                  .asDiagonal();
    }
    return result;
  }

  // z' (log(I - N) + N) z for a probe of norm one.
  static double Quadrature(const Tridiagonals& lanczos, int probe) {
    int used = 1;
    while (used < lanczos.alpha.rows() && lanczos.beta(used - 1, probe) > 1e-12) ++used;
    MatrixXd tridiagonal = MatrixXd::Zero(used, used);
    for (int i = 0; i < used; ++i) {
      tridiagonal(i, i) = lanczos.alpha(i, probe);
      if (i + 1 < used) {
        tridiagonal(i, i + 1) = tridiagonal(i + 1, i) = lanczos.beta(i, probe);
      }
    }
    const Eigen::SelfAdjointEigenSolver<MatrixXd> eigen(tridiagonal);
    double sum = 0;
    for (int i = 0; i < used; ++i) {
      const double lambda = std::min(eigen.eigenvalues()[i], 1 - 1e-15);
      sum += std::pow(eigen.eigenvectors()(0, i), 2) * (std::log1p(-lambda) + lambda);
    }
    return sum;
  }

  const CoreGraph& graph_;
  LeafEdges leaves_;
  Columns signs_;
  int few_;  // columns of signs_ in use for sums
  CoreValues values_;
  VectorXd inverse_leaf_;
  VectorXd diagonal_;  // of S
};

}  // namespace

std::unique_ptr<CoreMatrix> MakeIterativeCore(const CoreGraph& graph) {
  return std::make_unique<IterativeCore>(graph);
}

}  // namespace teraju::statistics
