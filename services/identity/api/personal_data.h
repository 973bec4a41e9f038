// The fields of an employee that are only for those who need them, and the record of who has read
// them.
#pragma once

#include "common/postgres/transaction.h"
#include "teraju/identity/v1/employee.pb.h"

namespace teraju::identity {

inline constexpr char kPersonalDataPermission[] = "identity.employees.getPersonalData";

// Whether it is the caller's own record, read by himself.
bool IsOwn(const CallContext& call, const v1::Employee& employee);
// Leaves out NIP, birth date and e-mail.
void HidePersonalData(v1::Employee& employee);
// What was asked for with `view`: hides, or shows with a record of it. Own records are shown, and
// services read without a record. A FULL view needs a transaction that writes, and permission.
void ApplyView(postgres::Transaction& tx, v1::EmployeeView view, v1::Employee& employee);

}  // namespace teraju::identity
