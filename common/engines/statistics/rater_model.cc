#include "common/engines/statistics/rater_model.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <string>

#include "common/engines/statistics/distributions.h"
#include "common/engines/statistics/mixed_system.h"
#include "common/engines/statistics/rater_graph.h"
#include "common/engines/statistics/reml.h"

namespace teraju::statistics {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

int Distinct(const std::vector<Rating>& answers, int levels, int Rating::*level) {
  std::vector<bool> seen(levels);
  for (const Rating& answer : answers) seen[answer.*level] = true;
  return static_cast<int>(std::count(seen.begin(), seen.end(), true));
}

bool InRange(const Ratings& ratings) {
  return std::all_of(ratings.answers.begin(), ratings.answers.end(), [&](const Rating& a) {
    return a.ratee >= 0 && a.ratee < ratings.ratees && a.rater >= 0 && a.rater < ratings.raters &&
           a.item >= 0 && a.item < ratings.items && a.group >= 0 && a.group < ratings.groups &&
           std::isfinite(a.value);
  });
}

bool Constant(const std::vector<Rating>& answers) {
  return std::all_of(answers.begin(), answers.end(), [&](const Rating& a) {
    return a.value == answers.front().value;
  });
}

std::optional<Refusal> CheckConnected(const Ratings& ratings) {
  std::vector<Assignment> assignments;
  for (const Rating& answer : ratings.answers) assignments.push_back({answer.ratee, answer.rater});
  const RaterGraph graph = ConnectRaters(ratings.ratees, ratings.raters, assignments);
  if (graph.components < 2) return std::nullopt;
  const std::string parts = std::to_string(graph.components);
  const std::string missing = std::to_string(graph.components - 1);
  return Refusal{RefusalReason::kUnconnected,
                 "The raters fall into " + parts +
                     " parts that share no ratee: severity in one cannot be compared with another. "
                     "At least " +
                     missing + " further assignments across the parts connect them.",
                 "Penilai terbagi menjadi " + parts +
                     " bagian tanpa orang yang dinilai bersama: ketegasan antarbagian tidak dapat "
                     "dibandingkan. Sedikitnya " +
                     missing + " penugasan tambahan antarbagian akan menghubungkannya."};
}

std::optional<Refusal> Check(const Ratings& ratings, const RaterModelOptions& options) {
  if (!InRange(ratings)) return NotANumber();
  if (Distinct(ratings.answers, ratings.ratees, &Rating::ratee) < 2) {
    return TooFew("There are fewer than two ratees with answers: nobody to compare.",
                  "Kurang dari dua orang yang dinilai memiliki jawaban: tidak ada pembanding.");
  }
  if (options.rater_effect && Distinct(ratings.answers, ratings.raters, &Rating::rater) < 2) {
    return Refusal{RefusalReason::kOneRater,
                   "There is one rater only: severity cannot be told from what is rated. Ask a "
                   "second rater.",
                   "Hanya ada satu penilai: ketegasan penilai tidak dapat dipisahkan dari yang "
                   "dinilai. Mintalah penilai kedua."};
  }
  if (Constant(ratings.answers)) return ConstantAnswers();
  if (options.rater_effect) return CheckConnected(ratings);
  return std::nullopt;
}

bool HasRepeatedPairs(const Ratings& ratings) {
  std::vector<std::pair<int, int>> pairs;
  for (const Rating& a : ratings.answers) pairs.emplace_back(a.ratee, a.rater);
  std::sort(pairs.begin(), pairs.end());
  return std::adjacent_find(pairs.begin(), pairs.end()) != pairs.end();
}

std::vector<Term> TermsOf(const Ratings& ratings, const RaterModelOptions& options) {
  std::vector<Term> terms = {kRateeTerm};
  if (options.rater_effect) terms.push_back(kRaterTerm);
  if (options.item_effect && Distinct(ratings.answers, ratings.items, &Rating::item) > 1) {
    terms.push_back(kItemTerm);
  }
  if (options.pair_effect && HasRepeatedPairs(ratings)) terms.push_back(kPairTerm);
  return terms;
}

// Shares of the columns of X in the adjusted value.
VectorXd Composition(const MixedSystem& system, const std::vector<double>& weights) {
  VectorXd shares = VectorXd::Zero(system.fixed_effects());
  for (int c = 0; c < system.fixed_effects(); ++c) {
    const int group = system.column_group(c);
    if (!weights.empty() && group < static_cast<int>(weights.size())) shares[c] = weights[group];
  }
  if (shares.sum() > 0) return shares / shares.sum();
  for (int c = 0; c < system.fixed_effects(); ++c) {
    shares[c] = static_cast<double>(
        std::count_if(system.answers().begin(), system.answers().end(), [&](const Rating& a) {
          return a.group == system.column_group(c);
        }));
  }
  return shares / shares.sum();
}

std::vector<Effect> EffectsOf(const VectorXd& values,
                              const VectorXd& variances,
                              const VectorXd& answers,
                              double residual_variance) {
  std::vector<Effect> effects;
  for (Index i = 0; i < values.size(); ++i) {
    effects.push_back({values[i],
                       std::sqrt(std::max(0.0, residual_variance * variances[i])),
                       static_cast<int>(answers[i])});
  }
  return effects;
}

// Everything about a fit that is needed to describe its ratees.
struct Fitted {
  const MixedSystem& system;
  const RemlFit& reml;
  const MixedSystem::Variances& variances;
  const VectorXd& composition;
};

std::vector<AdjustedRatee> AdjustedOf(const Fitted& fit, const RaterModelOptions& options) {
  const double s2 = fit.reml.residual_variance;
  const VectorXd& w = fit.composition;
  const double mean = w.dot(fit.reml.solution.fixed);
  const double mean_variance = w.dot(fit.variances.fixed * w);
  const VectorXd answers = fit.system.Collect(
      kRateeTerm, VectorXd::Ones(static_cast<Index>(fit.system.answers().size())));
  const VectorXd sums = fit.system.Collect(kRateeTerm, fit.system.Values());
  std::vector<AdjustedRatee> result(answers.size());
  int last_ratee = -1;
  int last_rater = -1;
  for (const Rating& a : fit.system.answers()) {  // sorted by ratee, then rater
    if (a.ratee != last_ratee || a.rater != last_rater) ++result[a.ratee].raters;
    last_ratee = a.ratee;
    last_rater = a.rater;
  }
  const double ratee_variance = fit.reml.ratios[kRateeTerm] * s2;
  for (Index i = 0; i < answers.size(); ++i) {
    AdjustedRatee& ratee = result[i];
    ratee.answers = static_cast<int>(answers[i]);
    ratee.raw = ratee.answers > 0 ? sums[i] / answers[i] : std::nan("");
    ratee.adjusted = mean + fit.reml.solution.ratee[i];
    const double plug_in =
        s2 * (fit.variances.ratee[i] + mean_variance + 2 * fit.variances.ratee_fixed.row(i).dot(w));
    // Kackar and Harville 1984: the part of not knowing the variances; twice, since the plug-in is
    // too small by the same amount (Prasad and Rao 1990).
    const VectorXd slope =
        fit.reml.ratee_slopes.row(i).transpose() + fit.reml.fixed_slopes.transpose() * w;
    const double unknown = slope.dot(fit.reml.ratio_covariance * slope);
    ratee.standard_error = std::sqrt(std::max(0.0, plug_in + 2 * unknown));
    const double q = -StudentQuantile((1 - options.confidence) / 2, fit.reml.degrees);
    ratee.interval = {ratee.adjusted - q * ratee.standard_error,
                      ratee.adjusted + q * ratee.standard_error};
    if (options.scale) {
      ratee.interval.lower =
          std::clamp(ratee.interval.lower, options.scale->lower, options.scale->upper);
      ratee.interval.upper =
          std::clamp(ratee.interval.upper, options.scale->lower, options.scale->upper);
    }
    if (ratee_variance > 0) {
      ratee.reliability = std::clamp(1 - s2 * fit.variances.ratee[i] / ratee_variance, 0.0, 1.0);
    }
  }
  return result;
}

RaterFit Describe(const Fitted& fit, const RaterModelOptions& options) {
  const double s2 = fit.reml.residual_variance;
  const auto sd = [&](Term term) { return std::sqrt(s2 * fit.reml.ratios[term]); };
  const VectorXd ones = VectorXd::Ones(static_cast<Index>(fit.system.answers().size()));
  RaterFit result;
  result.mean = fit.composition.dot(fit.reml.solution.fixed);
  result.mean_standard_error =
      std::sqrt(s2 * fit.composition.dot(fit.variances.fixed * fit.composition));
  for (int c = 0; c < fit.system.fixed_effects(); ++c) {
    result.groups.push_back({fit.system.column_group(c),
                             fit.reml.solution.fixed[c],
                             std::sqrt(s2 * fit.variances.fixed(c, c))});
  }
  result.ratee_sd = sd(kRateeTerm);
  result.rater_sd = sd(kRaterTerm);
  result.item_sd = sd(kItemTerm);
  result.pair_sd = sd(kPairTerm);
  result.residual_sd = std::sqrt(s2);
  result.criterion = fit.reml.criterion;
  result.iterations = fit.reml.iterations;
  result.exact = fit.system.exact();
  result.ratees = AdjustedOf(fit, options);
  const MixedSystem::Solution& solution = fit.reml.solution;
  result.ratee_effects = EffectsOf(
      solution.ratee, fit.variances.ratee_conditional, fit.system.Collect(kRateeTerm, ones), s2);
  if (options.rater_effect) {
    result.rater_effects = EffectsOf(
        solution.rater, fit.variances.rater_conditional, fit.system.Collect(kRaterTerm, ones), s2);
  }
  if (solution.item.size() > 0) {
    result.item_effects = EffectsOf(
        solution.item, fit.variances.item_conditional, fit.system.Collect(kItemTerm, ones), s2);
  }
  return result;
}

}  // namespace

Outcome<RaterFit> FitRaterModel(const Ratings& ratings, const RaterModelOptions& options) {
  if (auto refusal = Check(ratings, options)) return *std::move(refusal);
  const std::vector<Term> terms = TermsOf(ratings, options);
  const auto has = [&](Term term) {
    return std::find(terms.begin(), terms.end(), term) != terms.end();
  };
  const MixedTerms mixed{has(kItemTerm), has(kPairTerm), options.exact_limit};
  MixedSystem system(ratings, mixed);
  const int rest = static_cast<int>(ratings.answers.size()) - system.fixed_effects();
  if (rest < static_cast<int>(terms.size()) + 2) {
    return TooFew("There are too few answers for the model's parameters. Collect more answers.",
                  "Jawaban terlalu sedikit untuk parameter model. Kumpulkan lebih banyak jawaban.");
  }
  Outcome<RemlFit> reml = FitReml(system, terms, options.likelihood);
  if (!reml.ok()) return reml.refusal();
  const MixedSystem::Variances variances = system.Invert(options.likelihood, true);
  const VectorXd composition = Composition(system, options.group_weights);
  return Describe({system, *reml, variances, composition}, options);
}

}  // namespace teraju::statistics
