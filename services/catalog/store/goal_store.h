// Goals as rows. Bound to the transaction it is given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/auth/authorizer.h"
#include "common/postgres/transaction.h"
#include "services/catalog/store/keys.h"
#include "teraju/catalog/v1/catalog.pb.h"

namespace teraju::catalog {

// Empty members do not restrict.
struct GoalQuery {
  AgencyId agency;
  auth::Scope scope;
  std::string parent_goal_id;
  std::string need;  // name; empty: any
  v1::Goal::State state = v1::Goal::STATE_UNSPECIFIED;
  std::string after_id;
  int limit = 0;
};

class GoalStore {
 public:
  explicit GoalStore(postgres::Transaction& tx) : tx_(tx) {}

  // ALREADY_EXISTS (RESOURCE_EXISTS). FAILED_PRECONDITION (GOAL_UNKNOWN) when its parent vanished.
  absl::StatusOr<v1::Goal> Insert(const GoalKey& key, const v1::Goal& goal);
  absl::StatusOr<v1::Goal> Get(const GoalKey& key) const;  // NOT_FOUND
  std::optional<v1::Goal> Find(const GoalKey& key) const;
  // In the order of their ids.
  absl::StatusOr<std::vector<v1::Goal>> List(const GoalQuery& query) const;
  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, stores it with the next
  // version. `change` runs again if the transaction is repeated.
  absl::StatusOr<v1::Goal> Update(const GoalKey& key,
                                  const api::Precondition& precondition,
                                  absl::FunctionRef<absl::Status(v1::Goal&)> change);

  // Until the end of the transaction nobody else moves a goal of the agency: two moves that are
  // right each for itself could close a circle together.
  void LockCascade(const AgencyId& agency);
  // The names of a goal and of what it serves, upward; empty when there is no such goal.
  std::vector<std::string> Cascade(const GoalKey& key) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::catalog
