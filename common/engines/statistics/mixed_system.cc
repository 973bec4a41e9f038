#include "common/engines/statistics/mixed_system.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace teraju::statistics {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

double SumOfLogs(const VectorXd& values) { return values.array().log().sum(); }

}  // namespace

MixedSystem::MixedSystem(const Ratings& ratings, const MixedTerms& terms)
    : terms_(terms),
      ratees_(ratings.ratees),
      raters_(ratings.raters),
      items_(terms.item ? ratings.items : 0),
      raters_eliminated_(ratings.raters >= ratings.ratees) {
  SortIntoPairs(ratings);
  BuildGraph();
  core_ = MakeCoreMatrix(graph_, terms.exact_limit);
}

void MixedSystem::SortIntoPairs(const Ratings& ratings) {
  answers_ = ratings.answers;
  const auto key = [](const Rating& a) { return std::tuple(a.ratee, a.rater, a.group, a.item); };
  std::sort(answers_.begin(), answers_.end(), [&](const Rating& a, const Rating& b) {
    return key(a) < key(b);
  });
  std::vector<int> column(ratings.groups, -1);
  for (const Rating& answer : answers_) column[answer.group] = 0;
  for (int group = 0; group < ratings.groups; ++group) {
    if (column[group] < 0) continue;
    column[group] = static_cast<int>(column_group_.size());
    column_group_.push_back(group);
  }
  for (int i = 0; i < static_cast<int>(answers_.size()); ++i) {
    const Rating& a = answers_[i];
    const bool same = !pairs_.empty() && pairs_.back().ratee == a.ratee &&
                      pairs_.back().rater == a.rater && pairs_.back().column == column[a.group];
    if (!same) pairs_.push_back({a.ratee, a.rater, column[a.group], i, i});
    pairs_.back().last = i + 1;
    pair_of_.push_back(static_cast<int>(pairs_.size()) - 1);
  }
}

void MixedSystem::BuildGraph() {
  graph_.cores = raters_eliminated_ ? ratees_ : raters_;
  graph_.leaves = raters_eliminated_ ? raters_ : ratees_;
  const auto core = [&](const Pair& p) { return raters_eliminated_ ? p.ratee : p.rater; };
  const auto leaf = [&](const Pair& p) { return raters_eliminated_ ? p.rater : p.ratee; };
  std::vector<int> order(pairs_.size());
  for (std::size_t p = 0; p < order.size(); ++p) order[p] = static_cast<int>(p);
  std::sort(order.begin(), order.end(), [&](int a, int b) {
    return std::pair(core(pairs_[a]), leaf(pairs_[a])) <
           std::pair(core(pairs_[b]), leaf(pairs_[b]));
  });
  graph_.start.assign(graph_.cores + 1, 0);
  edge_of_pair_.resize(pairs_.size());
  int last_core = -1;
  for (const int p : order) {
    const bool repeated = last_core == core(pairs_[p]) && graph_.leaf.back() == leaf(pairs_[p]);
    if (!repeated) {
      graph_.leaf.push_back(leaf(pairs_[p]));
      last_core = core(pairs_[p]);
      ++graph_.start[last_core + 1];
    }
    edge_of_pair_[p] = static_cast<int>(graph_.leaf.size()) - 1;
  }
  for (int i = 0; i < graph_.cores; ++i) graph_.start[i + 1] += graph_.start[i];
}

VectorXd MixedSystem::Values() const {
  VectorXd values(static_cast<Index>(answers_.size()));
  for (std::size_t i = 0; i < answers_.size(); ++i) {
    values[static_cast<Index>(i)] = answers_[i].value;
  }
  return values;
}

// With a pair's variance t the inverse of I + t J is I - t/(1 + t m) J; so a pair counts as
// m / (1 + t m) answers.
VectorXd MixedSystem::PairWeights() const {
  VectorXd weights(static_cast<Index>(pairs_.size()));
  const double t = theta_[kPairTerm] * theta_[kPairTerm];
  for (std::size_t p = 0; p < pairs_.size(); ++p) {
    const double m = pairs_[p].last - pairs_[p].first;
    weights[static_cast<Index>(p)] = m / (1 + t * m);
  }
  return weights;
}

VectorXd MixedSystem::Whiten(const VectorXd& data) const {
  const double t = theta_[kPairTerm] * theta_[kPairTerm];
  if (t == 0) return data;
  VectorXd result = data;
  for (std::size_t p = 0; p < pairs_.size(); ++p) {
    const int m = pairs_[p].last - pairs_[p].first;
    auto part = result.segment(pairs_[p].first, m);
    part.array() -= part.sum() * t / (1 + t * m);
  }
  return result;
}

VectorXd MixedSystem::Collect(Term term, const VectorXd& data) const {
  const int sizes[] = {ratees_, raters_, items_, static_cast<int>(pairs_.size())};
  VectorXd sums = VectorXd::Zero(sizes[term]);
  for (std::size_t i = 0; i < answers_.size(); ++i) {
    const Rating& a = answers_[i];
    const int levels[] = {a.ratee, a.rater, a.item, pair_of_[i]};
    sums[levels[term]] += data[static_cast<Index>(i)];
  }
  return sums;
}

VectorXd MixedSystem::Spread(Term term, const VectorXd& levels) const {
  VectorXd data(static_cast<Index>(answers_.size()));
  for (std::size_t i = 0; i < answers_.size(); ++i) {
    const Rating& a = answers_[i];
    const int level[] = {a.ratee, a.rater, a.item, pair_of_[i]};
    data[static_cast<Index>(i)] = levels[level[term]];
  }
  return data;
}

void MixedSystem::BuildBorder() {
  const double t = theta_[kPairTerm] * theta_[kPairTerm];
  border_ = MatrixXd::Zero(ratees_ + raters_, Border());
  corner_ = MatrixXd::Zero(Border(), Border());
  corner_.diagonal().head(items_).setOnes();
  for (std::size_t p = 0; p < pairs_.size(); ++p) {
    const Pair& pair = pairs_[p];
    const double m = pair.last - pair.first;
    const double weight = pair_weight_[static_cast<Index>(p)];
    const int fixed = items_ + pair.column;
    border_(pair.ratee, fixed) += theta_[kRateeTerm] * weight;
    border_(ratees_ + pair.rater, fixed) += theta_[kRaterTerm] * weight;
    corner_(fixed, fixed) += weight;
    if (items_ == 0) continue;
    for (int i = pair.first; i < pair.last; ++i) {
      const int item = answers_[i].item;
      const double share = theta_[kItemTerm] / (1 + t * m);
      border_(pair.ratee, item) += theta_[kRateeTerm] * share;
      border_(ratees_ + pair.rater, item) += theta_[kRaterTerm] * share;
      corner_(fixed, item) += share;
      corner_(item, item) += theta_[kItemTerm] * theta_[kItemTerm];
      for (int j = pair.first; t > 0 && j < pair.last; ++j) {
        corner_(item, answers_[j].item) -= theta_[kItemTerm] * share * t;
      }
    }
  }
  corner_.triangularView<Eigen::StrictlyUpper>() = corner_.transpose();
}

bool MixedSystem::Factor(const VarianceRatios& ratios) {
  for (int t = 0; t < kTerms; ++t) theta_[t] = std::sqrt(ratios[t]);
  pair_weight_ = PairWeights();
  VectorXd ratee = VectorXd::Ones(ratees_);
  VectorXd rater = VectorXd::Ones(raters_);
  values_.weight = VectorXd::Zero(static_cast<Index>(graph_.leaf.size()));
  for (std::size_t p = 0; p < pairs_.size(); ++p) {
    const double weight = pair_weight_[static_cast<Index>(p)];
    ratee[pairs_[p].ratee] += theta_[kRateeTerm] * theta_[kRateeTerm] * weight;
    rater[pairs_[p].rater] += theta_[kRaterTerm] * theta_[kRaterTerm] * weight;
    values_.weight[edge_of_pair_[p]] += theta_[kRateeTerm] * theta_[kRaterTerm] * weight;
  }
  values_.core_diagonal = raters_eliminated_ ? ratee : rater;
  values_.leaf_diagonal = raters_eliminated_ ? rater : ratee;
  if (!core_->Factor(values_)) return false;
  BuildBorder();
  border_solved_ = SolveRandom(border_);
  corner_factor_.compute(corner_ - border_.transpose() * border_solved_);
  return corner_factor_.info() == Eigen::Success;
}

MatrixXd MixedSystem::SolveRandom(const MatrixXd& right) const {
  const Index core_at = raters_eliminated_ ? 0 : ratees_;
  const Index leaf_at = raters_eliminated_ ? ratees_ : 0;
  const MatrixXd scaled =
      values_.leaf_diagonal.cwiseInverse().asDiagonal() * right.middleRows(leaf_at, graph_.leaves);
  MatrixXd core = right.middleRows(core_at, graph_.cores);
  for (int i = 0; i < graph_.cores; ++i) {
    for (int e = graph_.start[i]; e < graph_.start[i + 1]; ++e) {
      core.row(i) -= values_.weight[e] * scaled.row(graph_.leaf[e]);
    }
  }
  core_->Solve(core);
  MatrixXd result(right.rows(), right.cols());
  result.middleRows(core_at, graph_.cores) = core;
  MatrixXd leaf = right.middleRows(leaf_at, graph_.leaves);
  for (int i = 0; i < graph_.cores; ++i) {
    for (int e = graph_.start[i]; e < graph_.start[i + 1]; ++e) {
      leaf.row(graph_.leaf[e]) -= values_.weight[e] * core.row(i);
    }
  }
  result.middleRows(leaf_at, graph_.leaves) =
      values_.leaf_diagonal.cwiseInverse().asDiagonal() * leaf;
  return result;
}

MixedSystem::Solution MixedSystem::Solve(const VectorXd& data) const {
  const VectorXd white = Whiten(data);
  VectorXd right(ratees_ + raters_);
  right << theta_[kRateeTerm] * Collect(kRateeTerm, white),
      theta_[kRaterTerm] * Collect(kRaterTerm, white);
  VectorXd border = VectorXd::Zero(Border());
  if (items_ > 0) border.head(items_) = theta_[kItemTerm] * Collect(kItemTerm, white);
  for (std::size_t i = 0; i < answers_.size(); ++i) {
    border[items_ + pairs_[pair_of_[i]].column] += white[static_cast<Index>(i)];
  }
  VectorXd random = SolveRandom(right);
  const VectorXd outer = corner_factor_.solve(border - border_.transpose() * random);
  random -= border_solved_ * outer;
  Solution result;
  result.ratee = theta_[kRateeTerm] * random.head(ratees_);
  result.rater = theta_[kRaterTerm] * random.tail(raters_);
  result.item = theta_[kItemTerm] * outer.head(items_);
  result.fixed = outer.tail(fixed_effects());
  VectorXd rest = data;
  for (std::size_t i = 0; i < answers_.size(); ++i) {
    const Rating& a = answers_[i];
    rest[static_cast<Index>(i)] -= result.ratee[a.ratee] + result.rater[a.rater] +
                                   result.fixed[pairs_[pair_of_[i]].column] +
                                   (items_ > 0 ? result.item[a.item] : 0);
  }
  result.projected = Whiten(rest);
  return result;
}

double MixedSystem::LogDeterminant(Likelihood likelihood) const {
  const double t = theta_[kPairTerm] * theta_[kPairTerm];
  double pairs = 0;
  for (const Pair& pair : pairs_) pairs += std::log1p(t * (pair.last - pair.first));
  const MatrixXd& lower = corner_factor_.matrixLLT();
  return core_->LogDeterminant() + SumOfLogs(values_.leaf_diagonal) +
         2 * SumOfLogs(lower.diagonal().head(BorderOf(likelihood))) + pairs;
}

MixedSystem::Variances MixedSystem::Invert(Likelihood likelihood, bool precise) const {
  const CoreMatrix::Inverse inverse = core_->Invert(precise);
  VectorXd leaf = values_.leaf_diagonal.cwiseInverse();
  for (std::size_t e = 0; e < graph_.leaf.size(); ++e) {
    const int j = graph_.leaf[e];
    leaf[j] += values_.weight[static_cast<Index>(e)] * inverse.edge[static_cast<Index>(e)] /
               (values_.leaf_diagonal[j] * values_.leaf_diagonal[j]);
  }
  VectorXd random(ratees_ + raters_);
  if (raters_eliminated_) {
    random << inverse.diagonal, leaf;
  } else {
    random << leaf, inverse.diagonal;
  }
  // The border adds Y Q^-1 Y': of items and fixed effects, or of items alone.
  const MatrixXd corner = corner_factor_.solve(MatrixXd::Identity(Border(), Border()));
  const MatrixXd outer = border_solved_ * corner;
  const VectorXd full = random + outer.cwiseProduct(border_solved_).rowwise().sum();
  VectorXd conditional = random;
  Variances result;
  if (items_ > 0) {
    const MatrixXd block = corner_factor_.matrixLLT().topLeftCorner(items_, items_);
    const MatrixXd root =
        block.triangularView<Eigen::Lower>().solve(MatrixXd::Identity(items_, items_));
    const MatrixXd items = root.transpose() * root;
    const MatrixXd part = border_solved_.leftCols(items_);
    conditional += (part * items).cwiseProduct(part).rowwise().sum();
    result.item_conditional = theta_[kItemTerm] * theta_[kItemTerm] * items.diagonal();
  }
  const auto square = [&](Term term) { return theta_[term] * theta_[term]; };
  result.ratee = square(kRateeTerm) * full.head(ratees_);
  result.ratee_conditional = square(kRateeTerm) * conditional.head(ratees_);
  result.rater_conditional = square(kRaterTerm) * conditional.tail(raters_);
  result.ratee_fixed = -theta_[kRateeTerm] * outer.topRightCorner(ratees_, fixed_effects());
  result.fixed = corner.bottomRightCorner(fixed_effects(), fixed_effects());
  const bool full_likelihood = likelihood == Likelihood::kFull;
  const VectorXd& of_levels = full_likelihood ? conditional : full;
  const double of_items = full_likelihood && items_ > 0
                              ? result.item_conditional.sum() / square(kItemTerm)
                              : corner.diagonal().head(items_).sum();
  const auto trace = [&](Term term, double size, double sum) {
    result.traces[term] = theta_[term] > 0 ? (size - sum) / square(term) : 0;
  };
  trace(kRateeTerm, ratees_, of_levels.head(ratees_).sum());
  trace(kRaterTerm, raters_, of_levels.tail(raters_).sum());
  trace(kItemTerm, items_, of_items);
  if (terms_.pair) result.traces[kPairTerm] = PairTrace(inverse, random, BorderOf(likelihood));
  return result;
}

// tr(Z'PZ) over pairs: each pair's column after elimination of all else, of the border as much as
// belongs to the likelihood.
double MixedSystem::PairTrace(const CoreMatrix::Inverse& inverse,
                              const VectorXd& random,
                              int border) const {
  const double t = theta_[kPairTerm] * theta_[kPairTerm];
  const MatrixXd lower = corner_factor_.matrixLLT().topLeftCorner(border, border);
  double sum = 0;
  for (std::size_t p = 0; p < pairs_.size(); ++p) {
    const Pair& pair = pairs_[p];
    const double weight = pair_weight_[static_cast<Index>(p)];
    const double a = theta_[kRateeTerm] * weight;
    const double b = theta_[kRaterTerm] * weight;
    const double cross = -inverse.edge[edge_of_pair_[p]] /
                         values_.leaf_diagonal[raters_eliminated_ ? pair.rater : pair.ratee];
    VectorXd rest = VectorXd::Zero(Border());
    for (int i = pair.first; items_ > 0 && i < pair.last; ++i) {
      rest[answers_[i].item] += theta_[kItemTerm] / (1 + t * (pair.last - pair.first));
    }
    rest[items_ + pair.column] = weight;
    rest -= a * border_solved_.row(pair.ratee).transpose() +
            b * border_solved_.row(ratees_ + pair.rater).transpose();
    const VectorXd outer = lower.triangularView<Eigen::Lower>().solve(rest.head(border));
    sum += weight - a * a * random[pair.ratee] - b * b * random[ratees_ + pair.rater] -
           2 * a * b * cross - outer.squaredNorm();
  }
  return sum;
}

}  // namespace teraju::statistics
