// Work plans and their revisions as rows. Bound to the transaction it is given.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/postgres/transaction.h"
#include "services/evaluation/store/names.h"
#include "services/evaluation/store/rows.h"
#include "teraju/evaluation/v1/work_plan.pb.h"

namespace teraju::evaluation {

struct WorkPlanQuery {
  SnapshotQuery snapshot;
  std::string cycle;  // id; empty: of every cycle
  v1::WorkPlan::State state = v1::WorkPlan::STATE_UNSPECIFIED;
  int idle_days = 0;     // drafts and returned ones untouched so long; 0: any
  std::string supports;  // name; empty: any
  bool without_segment = false;
  PageQuery page;
};

// The names that the items serve, as the column keeps them.
std::string SupportsOf(const v1::WorkPlan& contents);

class WorkPlanStore {
 public:
  explicit WorkPlanStore(postgres::Transaction& tx) : tx_(tx) {}

  // Nothing where there is none.
  std::optional<v1::WorkPlan> Find(const Key& key) const;
  // In the order of their ids.
  std::vector<v1::WorkPlan> List(const std::string& agency, const WorkPlanQuery& query) const;
  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, stores the plan with the
  // next version. Nothing is stored if `change` fails. NOT_FOUND.
  absl::StatusOr<v1::WorkPlan> Update(const Key& key,
                                      const api::Precondition& precondition,
                                      absl::FunctionRef<absl::Status(v1::WorkPlan&)> change);
  // Of these items (`agencies/…/items/…`) those that a plan of `superior` (a subject) in the cycle
  // has.
  std::vector<std::string> FindItemsOf(const std::string& agency,
                                       const std::string& cycle,
                                       const std::string& superior,
                                       const std::vector<std::string>& items) const;

  // Of these items (names) those that exist, with the title and whether their plan is approved.
  struct ItemFacts {
    std::string title;
    bool approved = false;
  };
  std::map<std::string, ItemFacts> FindItems(const std::string& agency,
                                             const std::vector<std::string>& items) const;

  // The plan of a person (a subject) on a day, of the cycle that was opened last; nothing where
  // there is none.
  std::optional<v1::WorkPlan> FindOn(const std::string& agency,
                                     const std::string& person,
                                     const google::type::Date& day) const;
  // The plans of these people (subjects) in a cycle; of a person with several the one of the day,
  // else the last.
  std::vector<v1::WorkPlan> FindOfPeople(const CycleKey& cycle,
                                         const std::vector<std::string>& people,
                                         const google::type::Date& day) const;

  // Plans of the cycle that have contents; `unit` is an id, empty for every unit.
  std::vector<v1::WorkPlan> ListWritten(const CycleKey& cycle, const std::string& unit) const;
  // Other plans of the cycle for the same post that have been submitted, at most 500.
  std::vector<v1::WorkPlan> FindPeers(const v1::WorkPlan& plan) const;
  // Earlier approved plans of the same person, the latest first, at most five.
  std::vector<v1::WorkPlan> FindPast(const v1::WorkPlan& plan) const;

  // Keeps the plan as it was submitted, under its revision.
  void InsertRevision(const Key& key, const v1::WorkPlan& plan);
  // What became of the plan's present revision.
  void DecideRevision(const Key& key, const v1::WorkPlan& plan, const std::string& comment);
  // Newest first, below `before` (0: from the newest on).
  std::vector<v1::WorkPlanRevision> ListRevisions(const Key& key, int before, int size) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
