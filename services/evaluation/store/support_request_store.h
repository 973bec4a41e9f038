// Support requests as rows. Bound to the transaction it is given.
#pragma once

#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/postgres/transaction.h"
#include "services/evaluation/store/names.h"
#include "services/evaluation/store/rows.h"
#include "teraju/evaluation/v1/work_plan.pb.h"

namespace teraju::evaluation {

class SupportRequestStore {
 public:
  explicit SupportRequestStore(postgres::Transaction& tx) : tx_(tx) {}

  v1::SupportRequest Insert(const PlanChildKey& key, const v1::SupportRequest& request);
  // In the order of creation.
  std::vector<v1::SupportRequest> List(const Key& plan, const PageQuery& page) const;
  bool Exists(const PlanChildKey& key) const;
  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, stores state, comment and
  // due date with the next version. NOT_FOUND.
  absl::StatusOr<v1::SupportRequest> Update(
      const PlanChildKey& key,
      const api::Precondition& precondition,
      absl::FunctionRef<absl::Status(v1::SupportRequest&)> change);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
