// Cycles and their periods as rows. Bound to the transaction it is given.
#pragma once

#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/postgres/transaction.h"
#include "services/evaluation/store/names.h"
#include "services/evaluation/store/rows.h"
#include "teraju/evaluation/v1/cycle.pb.h"

namespace teraju::evaluation {

class CycleStore {
 public:
  explicit CycleStore(postgres::Transaction& tx) : tx_(tx) {}

  // ALREADY_EXISTS (RESOURCE_EXISTS) if the agency has a cycle of this id.
  absl::StatusOr<v1::Cycle> Insert(const CycleKey& key, const v1::Cycle& cycle);
  // NOT_FOUND.
  absl::StatusOr<v1::Cycle> Get(const CycleKey& key) const;
  // In the order of their ids.
  std::vector<v1::Cycle> List(const std::string& agency, const PageQuery& page) const;
  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, stores state and periods'
  // states with the next version. Nothing is stored if `change` fails. NOT_FOUND.
  absl::StatusOr<v1::Cycle> Update(const CycleKey& key,
                                   const api::Precondition& precondition,
                                   absl::FunctionRef<absl::Status(v1::Cycle&)> change);

 private:
  postgres::Transaction& tx_;
};

// The period of a cycle by its id; null when the cycle has none such.
v1::Period* FindPeriod(v1::Cycle& cycle, std::string_view period_id);

}  // namespace teraju::evaluation
