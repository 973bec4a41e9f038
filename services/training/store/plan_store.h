// Allocation plans and what they decided, as rows. Bound to the transaction it is given.
#pragma once

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/postgres/transaction.h"
#include "services/training/domain/allocation.h"
#include "services/training/store/keys.h"
#include "teraju/training/v1/training.pb.h"

namespace teraju::training {

class PlanStore {
 public:
  explicit PlanStore(postgres::Transaction& tx) : tx_(tx) {}

  v1::AllocationPlan Insert(const PlanKey& key, const v1::AllocationPlan& plan);
  absl::StatusOr<v1::AllocationPlan> Get(const PlanKey& key) const;  // NOT_FOUND
  // In the order of their ids.
  absl::StatusOr<std::vector<v1::AllocationPlan>> List(const AgencyId& agency,
                                                       const std::string& after_id,
                                                       int limit) const;
  // Changes what solving and approving change. ABORTED, NOT_FOUND.
  absl::StatusOr<v1::AllocationPlan> Update(
      const PlanKey& key,
      const api::Precondition& precondition,
      absl::FunctionRef<absl::Status(v1::AllocationPlan&)> change);

  // A digest over undecided needs, open offerings and budgets of a year: equal as long as none of
  // them changes.
  std::string BasisNow(const AgencyId& agency, int fiscal_year) const;
  // The digest of what the plan was solved from.
  std::string BasisOf(const PlanKey& key) const;
  // Replaces what the plan decided.
  void StoreOutcome(const PlanKey& key,
                    const std::string& basis,
                    const domain::AllocationOutcome& outcome);
  std::vector<domain::Payment> Payments(const PlanKey& key) const;
  // By employee and offering; whether they have been attended is not known here.
  std::vector<domain::Place> Places(const PlanKey& key) const;
  // In the order of urgency, after `position`.
  absl::StatusOr<std::vector<v1::AllocationDecision>> ListDecisions(const PlanKey& key,
                                                                    bool refused_only,
                                                                    int position,
                                                                    int limit) const;

 private:
  void StorePlaces(const PlanKey& key, const std::vector<domain::Place>& places);

  postgres::Transaction& tx_;
};

}  // namespace teraju::training
