// The symmetric positive definite matrix that is left of the mixed model's equations when the
// larger side of the graph of raters and ratees has been eliminated: S = diag(d) - W diag(1/e) W'.
// Exact (dense, or sparse supernodal Cholesky), or iterative where exact work would not end.
#pragma once

#include <Eigen/Dense>
#include <memory>
#include <vector>

namespace teraju::statistics {

// The bipartite graph, by rows: the neighbours of core node i are leaf[start[i]] and following, in
// ascending order.
struct CoreGraph {
  int cores = 0;
  int leaves = 0;
  std::vector<int> start;
  std::vector<int> leaf;
};

// Numbers of S: `weight` on the edges, in the order of the graph.
struct CoreValues {
  Eigen::VectorXd core_diagonal;  // d
  Eigen::VectorXd leaf_diagonal;  // e
  Eigen::VectorXd weight;
};

class CoreMatrix {
 public:
  virtual ~CoreMatrix() = default;

  // False where S is not positive definite in floating point.
  virtual bool Factor(const CoreValues& values) = 0;
  virtual double LogDeterminant() const = 0;
  // Columns of right sides become solutions.
  virtual void Solve(Eigen::MatrixXd& right) const = 0;

  // Of Z = S^-1: the diagonal, and for each edge (i, j) the sum over k of Z(i, k) W(k, j).
  struct Inverse {
    Eigen::VectorXd diagonal;
    Eigen::VectorXd edge;
  };
  // `precise`: for reporting each level's variance; else for sums over levels. Alike where exact.
  virtual Inverse Invert(bool precise) const = 0;

  // Whether results carry (small) Monte Carlo error.
  virtual bool exact() const = 0;
};

// Takes the exact way unless it needs more than `exact_limit` floating point operations for one
// factorisation and inversion.
std::unique_ptr<CoreMatrix> MakeCoreMatrix(const CoreGraph& graph, double exact_limit);
// The ways by name, for tests that compare them.
std::unique_ptr<CoreMatrix> MakeDenseCore(const CoreGraph& graph);
std::unique_ptr<CoreMatrix> MakeSparseCore(const CoreGraph& graph);
std::unique_ptr<CoreMatrix> MakeIterativeCore(const CoreGraph& graph);

}  // namespace teraju::statistics
