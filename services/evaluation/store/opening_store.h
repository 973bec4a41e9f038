// The set-based writes that open a cycle. Bound to the transaction it is given.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "common/postgres/transaction.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/work_plan.pb.h"

namespace teraju::evaluation {

class OpeningStore {
 public:
  explicit OpeningStore(postgres::Transaction& tx) : tx_(tx) {}

  struct NewPlan {
    std::string id;  // UUIDv7
    v1::Snapshot snapshot;
  };
  struct NewEvaluation {
    std::string id;    // UUIDv7
    std::size_t plan;  // its place among the plans
    std::string period;
  };
  struct Opened {
    int plans = 0;
    int evaluations = 0;
  };
  // Adds empty plans, and evaluations for their periods. What exists stays as it is: a person's
  // plan of the cycle that has a day in common with a new one keeps it out, an evaluation of the
  // plan and period is not added twice, none is added to a published period.
  Opened Add(const CycleKey& cycle,
             std::span<const NewPlan> plans,
             std::span<const NewEvaluation> evaluations);
  // After the last: the planner would otherwise take a whole agency's rows for a handful until its
  // own statistics come, and nested loops over them.
  void Analyze();

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
