#include "common/engines/statistics/core_matrix.h"

#include <suitesparse/cholmod.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/engines/statistics/core_pattern.h"

namespace teraju::statistics {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

// The inverse of a lower triangular matrix in place, by halves: all work in matrix products.
void InvertLower(Eigen::Ref<MatrixXd> l) {
  const Eigen::Index n = l.rows();
  if (n <= 48) {
    const MatrixXd inverse = l.triangularView<Eigen::Lower>().solve(MatrixXd::Identity(n, n));
    l.triangularView<Eigen::Lower>() = inverse;
    return;
  }
  const Eigen::Index h = n / 2;
  InvertLower(l.topLeftCorner(h, h));
  InvertLower(l.bottomRightCorner(n - h, n - h));
  const MatrixXd left = l.bottomRightCorner(n - h, n - h).triangularView<Eigen::Lower>() *
                        l.bottomLeftCorner(n - h, h);
  l.bottomLeftCorner(n - h, h).noalias() =
      -(left * l.topLeftCorner(h, h).triangularView<Eigen::Lower>());
}

// The lower half of L^-T L^-1, given L^-1.
void SquareOfInverse(const Eigen::Ref<const MatrixXd>& inverse, Eigen::Ref<MatrixXd> result) {
  const Eigen::Index n = inverse.rows();
  if (n <= 48) {
    const MatrixXd full = inverse.triangularView<Eigen::Lower>();
    result.triangularView<Eigen::Lower>() = full.transpose() * full;
    return;
  }
  const Eigen::Index h = n / 2;
  const auto a = inverse.topLeftCorner(h, h);
  const auto b = inverse.bottomLeftCorner(n - h, h);
  const auto c = inverse.bottomRightCorner(n - h, n - h);
  SquareOfInverse(a, result.topLeftCorner(h, h));
  result.topLeftCorner(h, h).selfadjointView<Eigen::Lower>().rankUpdate(b.transpose());
  result.bottomLeftCorner(n - h, h).noalias() = c.transpose().triangularView<Eigen::Upper>() * b;
  SquareOfInverse(c, result.bottomRightCorner(n - h, n - h));
}

class DenseCore : public CoreMatrix {
 public:
  explicit DenseCore(const CoreGraph& graph) : graph_(graph), leaves_(graph) {}

  bool Factor(const CoreValues& values) override {
    values_ = values;
    factor_ = values.core_diagonal.asDiagonal();
    const VectorXd inverse = values.leaf_diagonal.cwiseInverse();
    ForEachPair(graph_, leaves_, [&](int row, int column, int e, int f, int leaf) {
      factor_(row, column) -= values.weight[e] * values.weight[f] * inverse[leaf];
    });
    return Eigen::internal::llt_inplace<double, Eigen::Lower>::blocked(factor_) < 0;
  }

  double LogDeterminant() const override { return 2 * factor_.diagonal().array().log().sum(); }

  void Solve(MatrixXd& right) const override {
    factor_.triangularView<Eigen::Lower>().solveInPlace(right);
    factor_.transpose().triangularView<Eigen::Upper>().solveInPlace(right);
  }

  Inverse Invert(bool) const override {
    MatrixXd lower = factor_;
    InvertLower(lower);
    MatrixXd z(lower.rows(), lower.cols());
    SquareOfInverse(lower, z);
    Inverse result{z.diagonal(), VectorXd::Zero(values_.weight.size())};
    ForEachPair(graph_, leaves_, [&](int row, int column, int e, int f, int) {
      const double value = z(row, column);
      result.edge[e] += value * values_.weight[f];
      if (row != column) result.edge[f] += value * values_.weight[e];
    });
    return result;
  }

  bool exact() const override { return true; }

 private:
  const CoreGraph& graph_;
  LeafEdges leaves_;
  CoreValues values_;
  MatrixXd factor_;
};

// Owns CHOLMOD's workspace.
class Cholmod {
 public:
  Cholmod() {
    cholmod_start(&common_);
    common_.supernodal = CHOLMOD_SUPERNODAL;
    common_.final_ll = 1;
    common_.print = 0;
    common_.nmethods = 1;
    common_.method[0].ordering = CHOLMOD_AMD;
    common_.postorder = 1;
  }
  ~Cholmod() { cholmod_finish(&common_); }
  Cholmod(const Cholmod&) = delete;
  Cholmod& operator=(const Cholmod&) = delete;
  cholmod_common* get() const { return &common_; }

 private:
  mutable cholmod_common common_;
};

class SparseCore : public CoreMatrix {
 public:
  explicit SparseCore(const CoreGraph& graph) : graph_(graph), leaves_(graph) {
    BuildPattern();
    factor_ = cholmod_analyze(&matrix_, cholmod_.get());
    PlaceEntries();
  }
  ~SparseCore() override { cholmod_free_factor(&factor_, cholmod_.get()); }
  SparseCore(const SparseCore&) = delete;
  SparseCore& operator=(const SparseCore&) = delete;

  // Of a factorisation; an inversion is about twice that.
  double operations() const { return cholmod_.get()->fl; }

  bool Factor(const CoreValues& values) override {
    values_ = values;
    std::fill(entries_.begin(), entries_.end(), 0.0);
    for (int i = 0; i < graph_.cores; ++i) entries_[columns_[i]] = values.core_diagonal[i];
    const VectorXd inverse = values.leaf_diagonal.cwiseInverse();
    std::size_t t = 0;
    ForEachPair(graph_, leaves_, [&](int, int, int e, int f, int leaf) {
      entries_[position_[t++]] -= values.weight[e] * values.weight[f] * inverse[leaf];
    });
    cholmod_factorize(&matrix_, factor_, cholmod_.get());
    return cholmod_.get()->status == CHOLMOD_OK;
  }

  double LogDeterminant() const override {
    double sum = 0;
    for (int s = 0; s < Supernodes(); ++s) sum += Block(s).diagonal().array().log().sum();
    return 2 * sum;
  }

  void Solve(MatrixXd& right) const override {
    cholmod_dense in{};
    in.nrow = right.rows();
    in.ncol = right.cols();
    in.d = right.rows();
    in.nzmax = right.size();
    in.x = right.data();
    in.xtype = CHOLMOD_REAL;
    in.dtype = CHOLMOD_DOUBLE;
    cholmod_dense* out = cholmod_solve(CHOLMOD_A, factor_, &in, cholmod_.get());
    right = Eigen::Map<const MatrixXd>(static_cast<double*>(out->x), right.rows(), right.cols());
    cholmod_free_dense(&out, cholmod_.get());
  }

  Inverse Invert(bool) const override {
    const std::vector<double> z = SelectedInverse();
    Inverse result{VectorXd(graph_.cores), VectorXd::Zero(values_.weight.size())};
    for (int i = 0; i < graph_.cores; ++i) result.diagonal[i] = z[place_[columns_[i]]];
    std::size_t t = 0;
    ForEachPair(graph_, leaves_, [&](int row, int column, int e, int f, int) {
      const double value = z[place_[position_[t++]]];
      result.edge[e] += value * values_.weight[f];
      if (row != column) result.edge[f] += value * values_.weight[e];
    });
    return result;
  }

  bool exact() const override { return true; }

 private:
  using ConstBlock = Eigen::Map<const MatrixXd>;

  int Supernodes() const { return static_cast<int>(factor_->nsuper); }
  const int* Super() const { return static_cast<const int*>(factor_->super); }
  const int* RowStart() const { return static_cast<const int*>(factor_->pi); }
  const int* ValueStart() const { return static_cast<const int*>(factor_->px); }
  const int* Rows() const { return static_cast<const int*>(factor_->s); }
  int Width(int s) const { return Super()[s + 1] - Super()[s]; }
  int Height(int s) const { return RowStart()[s + 1] - RowStart()[s]; }
  ConstBlock Block(int s) const {
    return {static_cast<const double*>(factor_->x) + ValueStart()[s], Height(s), Width(s)};
  }

  // Columns of the lower half; the diagonal comes first in each.
  void BuildPattern() {
    std::vector<int> seen(graph_.cores, -1);
    position_.reserve(static_cast<std::size_t>(PairCount(graph_, leaves_)));
    for (int column = 0; column < graph_.cores; ++column) {
      columns_.push_back(static_cast<int>(rows_.size()));
      seen[column] = columns_.back();
      rows_.push_back(column);
      for (int e = graph_.start[column]; e < graph_.start[column + 1]; ++e) {
        const int leaf = graph_.leaf[e];
        for (int t = leaves_.start[leaf + 1] - 1; leaves_.core[t] > column; --t) {
          const int row = leaves_.core[t];
          if (seen[row] < columns_.back()) {
            seen[row] = static_cast<int>(rows_.size());
            rows_.push_back(row);
          }
          position_.push_back(seen[row]);
        }
        position_.push_back(seen[column]);
      }
    }
    columns_.push_back(static_cast<int>(rows_.size()));
    entries_.assign(rows_.size(), 1.0);
    matrix_.nrow = matrix_.ncol = graph_.cores;
    matrix_.nzmax = rows_.size();
    matrix_.p = columns_.data();
    matrix_.i = rows_.data();
    matrix_.x = entries_.data();
    matrix_.stype = -1;
    matrix_.itype = CHOLMOD_INT;
    matrix_.xtype = CHOLMOD_REAL;
    matrix_.dtype = CHOLMOD_DOUBLE;
    matrix_.packed = 1;
  }

  // Where each entry of S lies in the factor's blocks (its pattern contains S's).
  void PlaceEntries() {
    const int n = graph_.cores;
    const auto* permutation = static_cast<const int*>(factor_->Perm);
    std::vector<int> rank(n);
    for (int i = 0; i < n; ++i) rank[permutation[i]] = i;
    std::vector<std::vector<std::pair<int, int>>> by_supernode(Supernodes());
    supernode_of_.resize(n);
    for (int s = 0; s < Supernodes(); ++s) {
      for (int c = Super()[s]; c < Super()[s + 1]; ++c) supernode_of_[c] = s;
    }
    place_.resize(rows_.size());
    std::vector<std::vector<int>> entries_of(Supernodes());
    std::vector<int> column_of(rows_.size());
    for (int c = 0; c < n; ++c) {
      for (int t = columns_[c]; t < columns_[c + 1]; ++t) {
        column_of[t] = c;
        entries_of[supernode_of_[std::min(rank[c], rank[rows_[t]])]].push_back(t);
      }
    }
    std::vector<int> local(n);
    for (int s = 0; s < Supernodes(); ++s) {
      for (int r = 0; r < Height(s); ++r) local[Rows()[RowStart()[s] + r]] = r;
      for (const int t : entries_of[s]) {
        const int a = rank[column_of[t]];
        const int b = rank[rows_[t]];
        place_[t] =
            ValueStart()[s] + (std::min(a, b) - Super()[s]) * Height(s) + local[std::max(a, b)];
      }
    }
  }

  // The entries of S^-1 on the factor's pattern, supernode by supernode from the last
  // (Takahashi, Fagan and Chin 1973).
  std::vector<double> SelectedInverse() const {
    std::vector<double> z(factor_->xsize);
    std::vector<int> local(graph_.cores);
    MatrixXd inner;
    for (int s = Supernodes() - 1; s >= 0; --s) {
      const int width = Width(s);
      const int below = Height(s) - width;
      const ConstBlock block = Block(s);
      Eigen::Map<MatrixXd> out(z.data() + ValueStart()[s], Height(s), width);
      MatrixXd lower = block.topRows(width);
      InvertLower(lower);
      MatrixXd diagonal(width, width);
      SquareOfInverse(lower, diagonal);
      diagonal.triangularView<Eigen::StrictlyUpper>() = diagonal.transpose();
      if (below > 0) {
        const MatrixXd scaled = block.bottomRows(below) * lower.triangularView<Eigen::Lower>();
        Gather(s, z, local, inner);
        out.bottomRows(below).noalias() = -(inner.selfadjointView<Eigen::Lower>() * scaled);
        diagonal.noalias() -= scaled.transpose() * out.bottomRows(below);
      }
      out.topRows(width) = diagonal;
    }
    return z;
  }

  // The lower half of Z on the rows below supernode s.
  void Gather(int s, const std::vector<double>& z, std::vector<int>& local, MatrixXd& inner) const {
    const int below = Height(s) - Width(s);
    const int* rows = Rows() + RowStart()[s] + Width(s);
    inner.resize(below, below);
    int current = -1;
    for (int c = 0; c < below; ++c) {
      const int owner = supernode_of_[rows[c]];
      if (owner != current) {
        current = owner;
        for (int r = 0; r < Height(owner); ++r) local[Rows()[RowStart()[owner] + r]] = r;
      }
      const double* column = z.data() + ValueStart()[owner] +
                             static_cast<std::ptrdiff_t>(rows[c] - Super()[owner]) * Height(owner);
      for (int r = c; r < below; ++r) inner(r, c) = column[local[rows[r]]];
    }
  }

  const CoreGraph& graph_;
  LeafEdges leaves_;
  Cholmod cholmod_;
  std::vector<int> columns_;
  std::vector<int> rows_;
  std::vector<double> entries_;
  std::vector<int> position_;  // of each pair, in entries_
  std::vector<int> place_;     // of each entry, in the factor
  std::vector<int> supernode_of_;
  cholmod_sparse matrix_{};
  cholmod_factor* factor_ = nullptr;
  CoreValues values_;
};

}  // namespace

LeafEdges::LeafEdges(const CoreGraph& graph)
    : start(graph.leaves + 1), core(graph.leaf.size()), edge(graph.leaf.size()) {
  for (const int leaf : graph.leaf) ++start[leaf + 1];
  for (int j = 0; j < graph.leaves; ++j) start[j + 1] += start[j];
  std::vector<int> next(start.begin(), start.end() - 1);
  for (int i = 0; i < graph.cores; ++i) {
    for (int e = graph.start[i]; e < graph.start[i + 1]; ++e) {
      const int t = next[graph.leaf[e]]++;
      core[t] = i;
      edge[t] = e;
    }
  }
}

double PairCount(const CoreGraph& graph, const LeafEdges& leaves) {
  double count = 0;
  for (int j = 0; j < graph.leaves; ++j) {
    const double degree = leaves.start[j + 1] - leaves.start[j];
    count += degree * (degree + 1) / 2;
  }
  return count;
}

// Entries of the lower half of S.
double EntryCount(const CoreGraph& graph, const LeafEdges& leaves) {
  std::vector<int> seen(graph.cores, -1);
  double count = graph.cores;
  ForEachPair(graph, leaves, [&](int row, int column, int, int, int) {
    if (row == column || seen[row] == column) return;
    seen[row] = column;
    ++count;
  });
  return count;
}

std::unique_ptr<CoreMatrix> MakeDenseCore(const CoreGraph& graph) {
  return std::make_unique<DenseCore>(graph);
}

std::unique_ptr<CoreMatrix> MakeSparseCore(const CoreGraph& graph) {
  return std::make_unique<SparseCore>(graph);
}

std::unique_ptr<CoreMatrix> MakeCoreMatrix(const CoreGraph& graph, double exact_limit) {
  const double dense = std::pow(1.0 * graph.cores, 3);
  constexpr double kSmall = 1e8;  // dense work that is over before an ordering is found
  if (dense <= std::min(kSmall, exact_limit)) return MakeDenseCore(graph);
  const LeafEdges leaves(graph);
  const double pairs = PairCount(graph, leaves);
  if (pairs > exact_limit || pairs > std::numeric_limits<int>::max()) {
    return MakeIterativeCore(graph);
  }
  // Sparse operations are slower by about this factor; an inversion costs two factorisations more.
  // A factorisation costs at least the squares of the columns' lengths.
  constexpr double kSparsePrice = 3 * 3;
  const double entries = EntryCount(graph, leaves);
  const bool may_be_sparse =
      kSparsePrice * entries * entries / graph.cores <= std::min(dense, exact_limit);
  if (may_be_sparse) {
    auto sparse = std::make_unique<SparseCore>(graph);
    if (kSparsePrice * sparse->operations() <= std::min(dense, exact_limit)) return sparse;
  }
  if (dense <= exact_limit) return MakeDenseCore(graph);
  return MakeIterativeCore(graph);
}

}  // namespace teraju::statistics
