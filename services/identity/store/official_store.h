// Officials as rows. Bound to the transaction it is given.
#pragma once

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/api/strong_id.h"
#include "common/postgres/transaction.h"
#include "services/identity/domain/reporting_line.h"
#include "services/identity/store/as_of.h"
#include "services/identity/store/page.h"
#include "teraju/identity/v1/organisation.pb.h"
#include "teraju/identity/v1/revisions_service.pb.h"

namespace teraju::identity {

class OfficialStore {
 public:
  explicit OfficialStore(postgres::Transaction& tx) : tx_(tx) {}

  // FAILED_PRECONDITION: UNIT_UNKNOWN, or OFFICIAL_OVERLAP when another official leads the unit on
  // some of the days. An account without a password comes with the official.
  absl::StatusOr<v1::Official> Insert(const AgencyId& agency,
                                      const std::string& id,
                                      const v1::Official& official,
                                      const std::string& by);
  absl::StatusOr<v1::Official> Get(const AgencyId& agency,
                                   const std::string& id,
                                   const AsOf& as_of = {}) const;  // NOT_FOUND
  // In the order of their ids; only those in office on the day, if given.
  Page<v1::Official> List(const AgencyId& agency, const AsOf& as_of, const PageQuery& query) const;
  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, stores it with the next
  // version. Errors as Insert.
  absl::StatusOr<v1::Official> Update(const AgencyId& agency,
                                      const std::string& id,
                                      const api::Precondition& precondition,
                                      const Recorded& recorded,
                                      absl::FunctionRef<absl::Status(v1::Official&)> change);
  // The newest first; empty for an unknown official.
  Page<v1::Revision> Revisions(const AgencyId& agency,
                               const std::string& id,
                               const PageQuery& query) const;
  bool Exists(const AgencyId& agency, const std::string& id) const;
  // The terms that touch the interval, both days included.
  std::vector<domain::Term> Terms(const AgencyId& agency,
                                  absl::CivilDay first,
                                  absl::CivilDay last,
                                  const AsOf& as_of = {}) const;

 private:
  absl::Status Check(const AgencyId& agency,
                     const std::string& id,
                     const v1::Official& official) const;

  postgres::Transaction& tx_;
};

}  // namespace teraju::identity
