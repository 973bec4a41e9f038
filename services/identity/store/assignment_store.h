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
#include "services/identity/store/as_of.h"
#include "services/identity/store/employee_store.h"
#include "services/identity/store/page.h"
#include "teraju/identity/v1/employee.pb.h"
#include "teraju/identity/v1/revisions_service.pb.h"

namespace teraju::identity {

class AssignmentStore {
 public:
  explicit AssignmentStore(postgres::Transaction& tx) : tx_(tx) {}

  // NOT_FOUND for the person; FAILED_PRECONDITION (UNIT_UNKNOWN, ASSIGNMENT_OVERLAP);
  // ALREADY_EXISTS for the same kind, unit and first day. `leads_unit` is derived from kind, title
  // and unit where it is not given.
  absl::StatusOr<v1::Assignment> Insert(const EmployeeKey& key,
                                        const std::string& id,
                                        v1::Assignment assignment,
                                        const std::string& by);
  absl::StatusOr<v1::Assignment> Get(const EmployeeKey& key,
                                     const std::string& id,
                                     const AsOf& as_of = {}) const;  // NOT_FOUND
  // In the order of their first days; only those in force on the day, if given.
  Page<v1::Assignment> List(const EmployeeKey& key,
                            const AsOf& as_of,
                            const PageQuery& query) const;
  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, stores it with the next
  // version. Errors as Insert.
  absl::StatusOr<v1::Assignment> Update(const EmployeeKey& key,
                                        const std::string& id,
                                        const api::Precondition& precondition,
                                        const Recorded& recorded,
                                        absl::FunctionRef<absl::Status(v1::Assignment&)> change);
  // The definitive post from `assignment`'s first day on; the one before ends the day before. Where
  // the person has this very post already, its title and decree are made the same. Whether anything
  // changed. Errors as Insert.
  struct Placed {
    v1::Assignment assignment;
    bool changed = false;
  };
  absl::StatusOr<Placed> Place(const EmployeeKey& key,
                               const std::string& id,
                               const v1::Assignment& assignment,
                               const std::string& by);
  // Ends whatever holds longer on this day; returns that. FAILED_PRECONDITION (ASSIGNMENT_OVERLAP)
  // when one begins later.
  absl::StatusOr<std::vector<v1::Assignment>> Release(const EmployeeKey& key,
                                                      const google::type::Date& last_day,
                                                      const std::string& by);
  // Takes it back: it is no assignment any more, but stays among the revisions.
  absl::StatusOr<v1::Assignment> Withdraw(const EmployeeKey& key,
                                          const std::string& id,
                                          const api::Precondition& precondition,
                                          const Recorded& recorded);
  // The newest first; also of a withdrawn one. Empty for an unknown one.
  Page<v1::Revision> Revisions(const EmployeeKey& key,
                               const std::string& id,
                               const PageQuery& query) const;

 private:
  absl::StatusOr<v1::Assignment> Load(const EmployeeKey& key,
                                      const std::string& id,
                                      const api::Precondition& precondition) const;
  // The person's row must be locked.
  absl::Status Check(const EmployeeKey& key,
                     const std::string& id,
                     v1::Assignment& assignment) const;

  postgres::Transaction& tx_;
};

}  // namespace teraju::identity
