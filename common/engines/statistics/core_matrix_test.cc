#include "common/engines/statistics/core_matrix.h"

#include <cmath>
#include <random>
#include <set>

#include "gtest/gtest.h"

namespace teraju::statistics {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

// Leaves choose cores near them, and now and then one far away: sparse, with fill.
CoreGraph Draw(int cores, int leaves, int degree, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::set<int>> neighbours(cores);
  for (int j = 0; j < leaves; ++j) {
    for (int d = 0; d < degree; ++d) {
      const bool far = random() % 10 == 0;
      const int near = j * cores / leaves + static_cast<int>(random() % 7);
      neighbours[(far ? static_cast<int>(random() % cores) : near) % cores].insert(j);
    }
  }
  CoreGraph graph{cores, leaves, {0}, {}};
  for (const auto& leaf : neighbours) {
    graph.leaf.insert(graph.leaf.end(), leaf.begin(), leaf.end());
    graph.start.push_back(static_cast<int>(graph.leaf.size()));
  }
  return graph;
}

CoreValues ValuesOf(const CoreGraph& graph) {
  CoreValues values{VectorXd::Ones(graph.cores),
                    VectorXd::Ones(graph.leaves),
                    VectorXd(static_cast<Eigen::Index>(graph.leaf.size()))};
  for (int i = 0; i < graph.cores; ++i) {
    for (int e = graph.start[i]; e < graph.start[i + 1]; ++e) {
      values.weight[e] = 0.5 + 0.1 * (e % 3);
      values.core_diagonal[i] += values.weight[e];
      values.leaf_diagonal[graph.leaf[e]] += values.weight[e];
    }
  }
  return values;
}

MatrixXd RightSide(int rows) {
  MatrixXd right(rows, 3);
  for (int i = 0; i < rows; ++i) {
    for (int c = 0; c < 3; ++c) right(i, c) = std::sin(1.0 + i * (c + 1));
  }
  return right;
}

TEST(CoreMatrix, SparseEqualsDense) {
  for (const auto& [cores, leaves, degree] :
       {std::tuple{1, 1, 1}, {5, 9, 2}, {60, 150, 4}, {200, 300, 3}, {150, 400, 12}}) {
    SCOPED_TRACE(cores);
    const CoreGraph graph = Draw(cores, leaves, degree, 7);
    const auto dense = MakeDenseCore(graph);
    const auto sparse = MakeSparseCore(graph);
    ASSERT_TRUE(dense->Factor(ValuesOf(graph)));
    ASSERT_TRUE(sparse->Factor(ValuesOf(graph)));
    EXPECT_NEAR(sparse->LogDeterminant(), dense->LogDeterminant(), 1e-9);
    MatrixXd a = RightSide(cores);
    MatrixXd b = a;
    dense->Solve(a);
    sparse->Solve(b);
    EXPECT_LT((a - b).cwiseAbs().maxCoeff(), 1e-12);
    EXPECT_LT((dense->Invert(true).diagonal - sparse->Invert(true).diagonal).cwiseAbs().maxCoeff(),
              1e-12);
    EXPECT_LT((dense->Invert(true).edge - sparse->Invert(true).edge).cwiseAbs().maxCoeff(), 1e-12);
  }
}

TEST(CoreMatrix, IterativeIsCloseToDense) {
  const CoreGraph graph = Draw(800, 2000, 6, 11);
  const auto dense = MakeDenseCore(graph);
  const auto iterative = MakeIterativeCore(graph);
  ASSERT_TRUE(dense->Factor(ValuesOf(graph)));
  ASSERT_TRUE(iterative->Factor(ValuesOf(graph)));
  MatrixXd a = RightSide(800);
  MatrixXd b = a;
  dense->Solve(a);
  iterative->Solve(b);
  EXPECT_LT((a - b).cwiseAbs().maxCoeff(), 1e-9);  // solutions are not sampled
  const double log_determinant = dense->LogDeterminant();
  EXPECT_NEAR(iterative->LogDeterminant(), log_determinant, 0.005 * std::abs(log_determinant));
  const auto exact = dense->Invert(true);
  const auto sampled = iterative->Invert(true);
  EXPECT_NEAR(sampled.diagonal.sum(), exact.diagonal.sum(), 2e-3 * exact.diagonal.sum());
  EXPECT_NEAR(sampled.edge.sum(), exact.edge.sum(), 1e-2 * exact.edge.sum());
  EXPECT_LT((sampled.diagonal - exact.diagonal).norm(), 0.02 * exact.diagonal.norm());
}

TEST(CoreMatrix, RefusesWhatIsNotPositiveDefinite) {
  const CoreGraph graph = Draw(30, 60, 4, 3);
  CoreValues values = ValuesOf(graph);
  values.core_diagonal.setConstant(0.01);
  EXPECT_FALSE(MakeDenseCore(graph)->Factor(values));
  EXPECT_FALSE(MakeSparseCore(graph)->Factor(values));
  EXPECT_FALSE(MakeIterativeCore(graph)->Factor(values));
}

}  // namespace
}  // namespace teraju::statistics
