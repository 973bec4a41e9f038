// Competencies, and what posts require of them, as rows. Bound to the transaction it is given.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/postgres/transaction.h"
#include "services/catalog/store/keys.h"
#include "teraju/catalog/v1/catalog.pb.h"

namespace teraju::catalog {

class CompetencyStore {
 public:
  explicit CompetencyStore(postgres::Transaction& tx) : tx_(tx) {}

  // ALREADY_EXISTS (RESOURCE_EXISTS).
  absl::StatusOr<v1::Competency> Insert(const CompetencyKey& key, const v1::Competency& competency);
  absl::StatusOr<v1::Competency> Get(const CompetencyKey& key) const;  // NOT_FOUND
  // In the order in which they were entered, after the one called `after_id`.
  absl::StatusOr<std::vector<v1::Competency>> List(const AgencyId& agency,
                                                   const std::string& after_id,
                                                   int limit) const;

  // ALREADY_EXISTS (RESOURCE_EXISTS) when the id is taken or the job family has a standard;
  // FAILED_PRECONDITION (COMPETENCY_UNKNOWN).
  absl::StatusOr<v1::CompetencyStandard> InsertStandard(const StandardKey& key,
                                                        const v1::CompetencyStandard& standard);
  // In the order of their ids.
  absl::StatusOr<std::vector<v1::CompetencyStandard>> ListStandards(const AgencyId& agency,
                                                                    const std::string& after_id,
                                                                    int limit) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::catalog
