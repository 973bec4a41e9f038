#include "common/engines/allocation/training_relaxation.h"

#include <algorithm>

#include "common/engines/allocation/training_bound.h"

namespace teraju::allocation {
namespace {

TrainingPrices NoPrices(const TrainingProblem& problem) {
  return {.budgets = std::vector<double>(problem.budgets.size(), 0),
          .seats = std::vector<double>(problem.offerings.size(), 0),
          .minima = std::vector<double>(problem.offerings.size(), 0),
          .coverage = std::vector<double>(problem.coverage.size(), 0)};
}

}  // namespace

TrainingRelaxation RelaxTraining(const TrainingProblem& problem,
                                 const TrainingArcs& arcs,
                                 const std::vector<ArcUse>& uses,
                                 double seconds) {
  TrainingRelaxation result;
  const TrainingModel model(problem, arcs, uses);
  const Mip::Relaxation relaxation = model.mip.Relax(seconds);
  for (const int column : model.class_columns) {
    result.classes.push_back(column < 0 ? 0 : relaxation.columns[column]);
  }
  for (const int column : model.arc_columns) result.amounts.push_back(relaxation.columns[column]);
  result.prices = model.PricesOf(relaxation);
  const TrainingBound bound(problem, arcs, result.prices);
  for (int arc = 0; arc < static_cast<int>(arcs.arcs.size()); ++arc) {
    result.losses.push_back(bound.ChargeOf(arc) - bound.ValueOf(arc));
  }
  result.bound = std::min(bound.Total(), TrainingBound(problem, arcs, NoPrices(problem)).Total());
  return result;
}

}  // namespace teraju::allocation
