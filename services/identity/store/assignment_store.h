// Assignments as rows. Bound to the transaction it is given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/postgres/transaction.h"
#include "services/identity/domain/reporting_line.h"
#include "services/identity/store/employee_store.h"
#include "services/identity/store/page.h"
#include "teraju/identity/v1/employee.pb.h"

namespace teraju::identity {

class AssignmentStore {
 public:
  explicit AssignmentStore(postgres::Transaction& tx) : tx_(tx) {}

  // NOT_FOUND for the person; FAILED_PRECONDITION (UNIT_UNKNOWN, ASSIGNMENT_OVERLAP);
  // ALREADY_EXISTS for the same kind, unit and first day. `leads_unit` is derived from kind, title
  // and unit where it is not given.
  absl::StatusOr<v1::Assignment> Insert(const EmployeeKey& key,
                                        const std::string& id,
                                        const v1::Assignment& assignment);
  absl::StatusOr<v1::Assignment> Get(const EmployeeKey& key,
                                     const std::string& id) const;  // NOT_FOUND
  // In the order of their first days; only those in force on `day`, if given.
  Page<v1::Assignment> List(const EmployeeKey& key,
                            const std::optional<google::type::Date>& day,
                            const PageQuery& query) const;
  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, stores its last day with
  // the next version.
  absl::StatusOr<v1::Assignment> UpdateEnd(const EmployeeKey& key,
                                           const std::string& id,
                                           const api::Precondition& precondition,
                                           absl::FunctionRef<absl::Status(v1::Assignment&)> change);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::identity
