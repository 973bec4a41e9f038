// Dialogues as rows. Bound to the transaction it is given.
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

class DialogueStore {
 public:
  explicit DialogueStore(postgres::Transaction& tx) : tx_(tx) {}

  v1::Dialogue Insert(const PlanChildKey& key, const v1::Dialogue& dialogue);
  // Newest first.
  std::vector<v1::Dialogue> List(const Key& plan, const PageQuery& page) const;
  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, stores the
  // acknowledgement with the next version. NOT_FOUND.
  absl::StatusOr<v1::Dialogue> Update(const PlanChildKey& key,
                                      const api::Precondition& precondition,
                                      absl::FunctionRef<absl::Status(v1::Dialogue&)> change);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
