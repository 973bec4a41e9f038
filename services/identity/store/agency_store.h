// Agencies as rows. Bound to the transaction it is given.
#pragma once

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/api/strong_id.h"
#include "common/postgres/transaction.h"
#include "services/identity/store/page.h"
#include "teraju/identity/v1/organisation.pb.h"

namespace teraju::identity {

class AgencyStore {
 public:
  explicit AgencyStore(postgres::Transaction& tx) : tx_(tx) {}

  // ALREADY_EXISTS (RESOURCE_EXISTS).
  absl::StatusOr<v1::Agency> Insert(const AgencyId& id, const v1::Agency& agency);
  absl::StatusOr<v1::Agency> Get(const AgencyId& id) const;  // NOT_FOUND
  // In the order of their ids; only `only`, unless it is empty.
  Page<v1::Agency> List(const AgencyId& only, const PageQuery& query) const;
  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, stores it with the next
  // version.
  absl::StatusOr<v1::Agency> Update(const AgencyId& id,
                                    const api::Precondition& precondition,
                                    absl::FunctionRef<absl::Status(v1::Agency&)> change);
  // Makes this transaction wait for others that change the agency's tree or import into it.
  // NOT_FOUND.
  absl::Status Lock(const AgencyId& id);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::identity
