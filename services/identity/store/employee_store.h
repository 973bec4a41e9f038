// Employees as rows. Bound to the transaction it is given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/api/etag.h"
#include "common/api/strong_id.h"
#include "common/postgres/transaction.h"
#include "services/identity/store/as_of.h"
#include "services/identity/store/page.h"
#include "teraju/identity/v1/employee.pb.h"
#include "teraju/identity/v1/revisions_service.pb.h"

namespace teraju::identity {

struct EmployeeKey {
  AgencyId agency;
  EmployeeId employee;
};

// Which employees a list shows: all of `everything`, or those in the subtrees of `units` and those
// of `persons`.
struct EmployeeFilter {
  bool everything = false;
  std::vector<std::string> units;
  std::vector<std::string> persons;  // ids
  absl::CivilDay today;              // of which the subtrees are
  std::string within;                // and only in the subtree of this unit, unless it is empty
  bool show_deleted = false;
  bool never_signed_in = false;  // with AsOf of now only
};

class EmployeeStore {
 public:
  explicit EmployeeStore(postgres::Transaction& tx) : tx_(tx) {}

  // FAILED_PRECONDITION (UNIT_UNKNOWN); ALREADY_EXISTS (EMPLOYEE_NIP_TAKEN,
  // EMPLOYEE_EXTERNAL_ID_TAKEN). An account without a password comes with the employee.
  absl::StatusOr<v1::Employee> Insert(const EmployeeKey& key,
                                      const v1::Employee& employee,
                                      const std::string& by);
  // With a day: unit, title and first day of the definitive post then, empty without one.
  // NOT_FOUND.
  absl::StatusOr<v1::Employee> Get(const EmployeeKey& key, const AsOf& as_of = {}) const;
  // The newest first; empty for an unknown employee.
  Page<v1::Revision> Revisions(const EmployeeKey& key, const PageQuery& query) const;
  std::optional<EmployeeKey> FindByNip(const AgencyId& agency, const std::string& nip) const;
  // Who had this NIP before it was corrected; nothing where that were several.
  std::optional<EmployeeKey> FindByFormerNip(const AgencyId& agency, const std::string& nip) const;
  std::optional<EmployeeKey> FindByExternalId(const AgencyId& agency,
                                              const std::string& external_id) const;
  // In the order of their ids; with a day only those with a definitive post then.
  Page<v1::Employee> List(const AgencyId& agency,
                          const EmployeeFilter& filter,
                          const AsOf& as_of,
                          const PageQuery& query) const;
  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, stores it with the next
  // version. Errors as Insert.
  absl::StatusOr<v1::Employee> Update(const EmployeeKey& key,
                                      const api::Precondition& precondition,
                                      const Recorded& recorded,
                                      absl::FunctionRef<absl::Status(v1::Employee&)> change);
  // Makes this transaction wait for others that change the person's assignments. NOT_FOUND.
  absl::Status Lock(const EmployeeKey& key);
  bool Exists(const EmployeeKey& key) const;
  // The unit of the employee and those above it on a day, nearest first; empty for an unknown
  // employee.
  std::vector<std::string> UnitPathOf(const EmployeeKey& key, absl::CivilDay day) const;
  // Which of `ids` exist.
  std::vector<std::string> Existing(const AgencyId& agency,
                                    const std::vector<std::string>& ids) const;

 private:
  absl::Status CheckKeys(const EmployeeKey& key, const v1::Employee& employee) const;

  postgres::Transaction& tx_;
};

}  // namespace teraju::identity
