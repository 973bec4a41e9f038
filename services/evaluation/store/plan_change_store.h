// Amendments of plans and templates for plans as rows. Bound to the transaction it is given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/postgres/transaction.h"
#include "services/evaluation/domain/plan_amendment.h"
#include "services/evaluation/store/names.h"
#include "services/evaluation/store/rows.h"
#include "teraju/evaluation/v1/plan_changes_service.pb.h"

namespace teraju::evaluation {

class PlanAmendmentStore {
 public:
  explicit PlanAmendmentStore(postgres::Transaction& tx) : tx_(tx) {}

  // FAILED_PRECONDITION (AMENDMENT_OPEN) where the plan has one that is not decided.
  absl::StatusOr<v1::PlanAmendment> Insert(const PlanChildKey& key,
                                           const v1::PlanAmendment& amendment);
  // Nothing where there is none.
  std::optional<v1::PlanAmendment> Find(const PlanChildKey& key) const;
  // Oldest first.
  std::vector<v1::PlanAmendment> List(const Key& plan, const PageQuery& page) const;
  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, stores the amendment with
  // the next version. NOT_FOUND.
  absl::StatusOr<v1::PlanAmendment> Update(
      const PlanChildKey& key,
      const api::Precondition& precondition,
      absl::FunctionRef<absl::Status(v1::PlanAmendment&)> change);
  // Results and indicators of the plan with recorded progress.
  domain::UsedItems FindUsed(const Key& plan) const;

 private:
  postgres::Transaction& tx_;
};

class PlanTemplateStore {
 public:
  explicit PlanTemplateStore(postgres::Transaction& tx) : tx_(tx) {}

  v1::PlanTemplate Insert(const Key& key, const v1::PlanTemplate& plan_template);
  std::optional<v1::PlanTemplate> Find(const Key& key) const;
  // In the order of their ids.
  std::vector<v1::PlanTemplate> List(const std::string& agency, const PageQuery& page) const;
  void Delete(const Key& key);
  // Begins the empty drafts of the post; `unit` is an id, empty for every unit. How many.
  int Apply(const v1::PlanTemplate& plan_template, const CycleKey& cycle, const std::string& unit);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
