// Conjugate gradients, and traces by probing with signs. Deterministic terms of the Neumann series
// are taken exactly, so that the probes see only what is left of the inverse; the signs come from a
// fixed seed: the same data give the same result.
#include <cmath>
#include <cstdint>

#include "common/engines/statistics/core_matrix.h"
#include "common/engines/statistics/core_pattern.h"

namespace teraju::statistics {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int kProbes = 32;
constexpr int kMaxIterations = 2000;
constexpr double kTolerance = 1e-11;  // of the residual, relative
constexpr int kLanczosSteps = 40;

// SplitMix64 (Steele, Lea and Flood 2014).
std::uint64_t NextRandom(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

MatrixXd Signs(int rows) {
  std::uint64_t state = 20250101;
  MatrixXd signs(rows, kProbes);
  for (int i = 0; i < rows; ++i) {
    const std::uint64_t bits = NextRandom(state);
    for (int c = 0; c < kProbes; ++c) signs(i, c) = (bits >> c & 1) != 0 ? 1 : -1;
  }
  return signs;
}

class IterativeCore : public CoreMatrix {
 public:
  explicit IterativeCore(const CoreGraph& graph)
      : graph_(graph), leaves_(graph), signs_(Signs(graph.cores)) {}

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

  // log|D| + the remainder of log(I - N), N = D^-1/2 (D - S) D^-1/2, by Lanczos quadrature; N has a
  // zero trace.
  double LogDeterminant() const override {
    double rest = 0;
    for (int c = 0; c < kProbes; ++c) rest += Quadrature(signs_.col(c)) / kProbes;
    return diagonal_.array().log().sum() + rest;
  }

  void Solve(MatrixXd& right) const override {
    const Eigen::Index columns = right.cols();
    MatrixXd x = MatrixXd::Zero(right.rows(), columns);
    MatrixXd& r = right;
    MatrixXd z = Precondition(r);
    MatrixXd p = z;
    VectorXd rz = r.cwiseProduct(z).colwise().sum();
    const VectorXd target = kTolerance * kTolerance * r.colwise().squaredNorm().transpose();
    for (int iteration = 0; iteration < kMaxIterations; ++iteration) {
      const VectorXd norms = r.colwise().squaredNorm().transpose();
      if ((norms.array() <= target.array()).all()) break;
      const MatrixXd q = Multiply(p);
      const VectorXd pq = p.cwiseProduct(q).colwise().sum();
      const VectorXd alpha = Quotient(rz, pq);
      x.noalias() += p * alpha.asDiagonal();
      r.noalias() -= q * alpha.asDiagonal();
      z = Precondition(r);
      const VectorXd next = r.cwiseProduct(z).colwise().sum();
      p = z + p * Quotient(next, rz).asDiagonal();
      rz = next;
    }
    right = std::move(x);
  }

  Inverse Invert() const override {
    // Z = D^-1 + D^-1 E D^-1 + rest, E = D - S; the rest is probed.
    MatrixXd solution = signs_;
    Solve(solution);
    const MatrixXd scaled = Precondition(signs_);
    MatrixXd rest =
        solution - scaled - Precondition(diagonal_.asDiagonal() * scaled - Multiply(scaled));
    Inverse result;
    result.diagonal =
        diagonal_.cwiseInverse() + signs_.cwiseProduct(rest).rowwise().sum() / kProbes;
    // Per leaf: W'z once, then each edge's part of Z W.
    result.edge = EdgesOfSeries();
    const MatrixXd below = Below(signs_);
    for (int i = 0; i < graph_.cores; ++i) {
      for (int e = graph_.start[i]; e < graph_.start[i + 1]; ++e) {
        result.edge[e] += rest.row(i).dot(below.row(graph_.leaf[e])) / kProbes;
      }
    }
    return result;
  }

  bool exact() const override { return false; }

 private:
  static VectorXd Quotient(const VectorXd& a, const VectorXd& b) {
    return (b.array() > 0).select(a.array() / b.array().max(1e-300), 0.0);
  }

  MatrixXd Precondition(const MatrixXd& x) const {
    return diagonal_.cwiseInverse().asDiagonal() * x;
  }

  // W'x.
  MatrixXd Below(const MatrixXd& x) const {
    using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const RowMajor in = x;
    RowMajor out = RowMajor::Zero(graph_.leaves, x.cols());
    for (int i = 0; i < graph_.cores; ++i) {
      for (int e = graph_.start[i]; e < graph_.start[i + 1]; ++e) {
        out.row(graph_.leaf[e]).noalias() += values_.weight[e] * in.row(i);
      }
    }
    return out;
  }

  MatrixXd Multiply(const MatrixXd& x) const {
    using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const RowMajor below = inverse_leaf_.asDiagonal() * Below(x);
    RowMajor out = values_.core_diagonal.asDiagonal() * x;
    for (int i = 0; i < graph_.cores; ++i) {
      for (int e = graph_.start[i]; e < graph_.start[i + 1]; ++e) {
        out.row(i).noalias() -= values_.weight[e] * below.row(graph_.leaf[e]);
      }
    }
    return out;
  }

  // Z W on the edges, for Z = D^-1 + D^-1 E D^-1: with D^-1 E D^-1 W = D^-1 (D - S) D^-1 W.
  VectorXd EdgesOfSeries() const {
    VectorXd edge(values_.weight.size());
    for (int i = 0; i < graph_.cores; ++i) {
      for (int e = graph_.start[i]; e < graph_.start[i + 1]; ++e) {
        edge[e] = values_.weight[e] / diagonal_[i];
      }
    }
    // E(i, k) is the sum over leaves of w w / e, off the diagonal.
    const VectorXd scaled = edge;
    std::vector<double> row(graph_.cores);
    std::vector<int> touched;
    for (int i = 0; i < graph_.cores; ++i) {
      CollectRow(i, row, touched);
      for (int e = graph_.start[i]; e < graph_.start[i + 1]; ++e) {
        const int leaf = graph_.leaf[e];
        double sum = 0;
        for (int t = leaves_.start[leaf]; t < leaves_.start[leaf + 1]; ++t) {
          if (leaves_.core[t] != i) sum += row[leaves_.core[t]] * scaled[leaves_.edge[t]];
        }
        edge[e] += sum / diagonal_[i];
      }
      for (const int k : touched) row[k] = 0;
      touched.clear();
    }
    return edge;
  }

  void CollectRow(int i, std::vector<double>& row, std::vector<int>& touched) const {
    for (int e = graph_.start[i]; e < graph_.start[i + 1]; ++e) {
      const int leaf = graph_.leaf[e];
      for (int t = leaves_.start[leaf]; t < leaves_.start[leaf + 1]; ++t) {
        const int k = leaves_.core[t];
        if (row[k] == 0) touched.push_back(k);
        row[k] += values_.weight[e] * values_.weight[leaves_.edge[t]] * inverse_leaf_[leaf];
      }
    }
  }

  // z' (log(I - N) + N) z for one probe; z'Nz itself has the expectation zero.
  double Quadrature(const VectorXd& z) const {
    const VectorXd root = diagonal_.cwiseSqrt();
    const int steps = std::min(kLanczosSteps, graph_.cores);
    VectorXd alpha = VectorXd::Zero(steps);
    VectorXd beta = VectorXd::Zero(steps);
    MatrixXd basis(z.size(), steps);
    VectorXd v = z / z.norm();
    int used = 0;
    for (; used < steps; ++used) {
      basis.col(used) = v;
      VectorXd w = v - root.cwiseInverse().cwiseProduct(
                           VectorXd(Multiply(root.cwiseInverse().cwiseProduct(v))));
      alpha[used] = v.dot(w);
      // Full reorthogonalisation: few steps.
      w -= basis.leftCols(used + 1) * (basis.leftCols(used + 1).transpose() * w);
      w -= basis.leftCols(used + 1) * (basis.leftCols(used + 1).transpose() * w);
      beta[used] = w.norm();
      if (beta[used] < 1e-12) {
        ++used;
        break;
      }
      v = w / beta[used];
    }
    MatrixXd tridiagonal = MatrixXd::Zero(used, used);
    for (int i = 0; i < used; ++i) {
      tridiagonal(i, i) = alpha[i];
      if (i + 1 < used) tridiagonal(i, i + 1) = tridiagonal(i + 1, i) = beta[i];
    }
    const Eigen::SelfAdjointEigenSolver<MatrixXd> eigen(tridiagonal);
    double sum = 0;
    for (int i = 0; i < used; ++i) {
      const double lambda = std::min(eigen.eigenvalues()[i], 1 - 1e-15);
      sum += std::pow(eigen.eigenvectors()(0, i), 2) * (std::log1p(-lambda) + lambda);
    }
    return z.squaredNorm() * sum;
  }

  const CoreGraph& graph_;
  LeafEdges leaves_;
  MatrixXd signs_;
  CoreValues values_;
  VectorXd inverse_leaf_;
  VectorXd diagonal_;  // of S
};

}  // namespace

std::unique_ptr<CoreMatrix> MakeIterativeCore(const CoreGraph& graph) {
  return std::make_unique<IterativeCore>(graph);
}

}  // namespace teraju::statistics
