// Delegations of appraising as rows. Bound to the transaction it is given.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/api/etag.h"
#include "common/api/strong_id.h"
#include "common/postgres/transaction.h"
#include "services/identity/store/as_of.h"
#include "services/identity/store/page.h"
#include "teraju/identity/v1/delegations_service.pb.h"

namespace teraju::identity {

class DelegationStore {
 public:
  explicit DelegationStore(postgres::Transaction& tx) : tx_(tx) {}

  // FAILED_PRECONDITION (DELEGATION_OVERLAP).
  absl::StatusOr<v1::Delegation> Insert(const AgencyId& agency,
                                        const std::string& id,
                                        const v1::Delegation& delegation,
                                        const std::string& by);
  absl::StatusOr<v1::Delegation> Get(const AgencyId& agency, const std::string& id) const;
  // In the order of their ids; only those that `person` gave or got, unless it is empty.
  Page<v1::Delegation> List(const AgencyId& agency,
                            const std::string& person,
                            const AsOf& as_of,
                            const PageQuery& query) const;
  // Sets the last day. NOT_FOUND, ABORTED, DELEGATION_OVERLAP.
  absl::StatusOr<v1::Delegation> UpdateEnd(const AgencyId& agency,
                                           const std::string& id,
                                           const api::Precondition& precondition,
                                           const google::type::Date& last_day);
  // The one in force of a delegator (`employees/{id}`, `officials/{id}`) on the day of `as_of`.
  std::optional<v1::Delegation> Of(const AgencyId& agency,
                                   const std::string& delegator,
                                   const AsOf& as_of) const;

 private:
  absl::Status Check(const AgencyId& agency,
                     const std::string& id,
                     const v1::Delegation& delegation) const;

  postgres::Transaction& tx_;
};

}  // namespace teraju::identity
