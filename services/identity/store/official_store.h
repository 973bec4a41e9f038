// Officials as rows. Bound to the transaction it is given.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/api/strong_id.h"
#include "common/postgres/transaction.h"
#include "services/identity/domain/reporting_line.h"
#include "services/identity/store/page.h"
#include "teraju/identity/v1/organisation.pb.h"

namespace teraju::identity {

class OfficialStore {
 public:
  explicit OfficialStore(postgres::Transaction& tx) : tx_(tx) {}

  // FAILED_PRECONDITION: UNIT_UNKNOWN, or OFFICIAL_OVERLAP when another official leads the unit on
  // some of the days. An account without a password comes with the official.
  absl::StatusOr<v1::Official> Insert(const AgencyId& agency,
                                      const std::string& id,
                                      const v1::Official& official);
  absl::StatusOr<v1::Official> Get(const AgencyId& agency,
                                   const std::string& id) const;  // NOT_FOUND
  // In the order of their ids.
  Page<v1::Official> List(const AgencyId& agency, const PageQuery& query) const;
  bool Exists(const AgencyId& agency, const std::string& id) const;
  // The terms that touch the interval, both days included.
  std::vector<domain::Term> Terms(const AgencyId& agency,
                                  absl::CivilDay first,
                                  absl::CivilDay last) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::identity
