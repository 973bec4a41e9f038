// Behaviour values as rows. Bound to the transaction it is given.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/postgres/transaction.h"
#include "services/catalog/store/keys.h"
#include "teraju/catalog/v1/catalog.pb.h"

namespace teraju::catalog {

class BehaviorStore {
 public:
  explicit BehaviorStore(postgres::Transaction& tx) : tx_(tx) {}

  // ALREADY_EXISTS (RESOURCE_EXISTS).
  absl::StatusOr<v1::Behavior> Insert(const BehaviorKey& key, const v1::Behavior& behavior);
  absl::StatusOr<v1::Behavior> Get(const BehaviorKey& key) const;  // NOT_FOUND
  // In the order in which they were entered, after the one called `after_id`.
  absl::StatusOr<std::vector<v1::Behavior>> List(const AgencyId& agency,
                                                 const std::string& after_id,
                                                 int limit) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::catalog
