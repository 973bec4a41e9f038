// The long-running work of this service, by the kind that operations name.
#pragma once

#include "common/operations/worker.h"
#include "services/training/api/effects.h"
#include "services/training/api/mentor_matcher.h"
#include "services/training/api/needs_derivation.h"
#include "services/training/api/plan_simulation.h"
#include "services/training/api/plan_solver.h"

namespace teraju::training {

inline operations::Handlers LongWork(postgres::Database& database,
                                     IdentityClient& identity,
                                     EvaluationClient& evaluation,
                                     FeedbackClient& feedback) {
  const auto run = [](auto work) {
    return [work = std::move(work)](operations::Work& step) { return work.Run(step); };
  };
  return {{NeedsDerivation::kKind, run(NeedsDerivation(evaluation, feedback))},
          {PlanSolver::kKind, run(PlanSolver(database))},
          {PlanSimulation::kKind, run(PlanSimulation(database))},
          {CourseEffects::kKind, run(CourseEffects(database, evaluation))},
          {MentoringEffects::kKind, run(MentoringEffects(database, evaluation))},
          {MentorMatcher::kKind, run(MentorMatcher(database, evaluation, identity))}};
}

}  // namespace teraju::training
