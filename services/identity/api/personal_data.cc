#include "services/identity/api/personal_data.h"

#include "common/api/resource_name.h"

namespace teraju::identity {

bool IsOwn(const CallContext& call, const v1::Employee& employee) {
  const std::string& subject = call.actor();
  return call.principal().person() && employee.name().ends_with("/" + subject) &&
         api::AgencyOf(employee.name()) == call.principal().agency.value();
}

void HidePersonalData(v1::Employee& employee) {
  employee.clear_nip();
  employee.clear_birth_date();
  employee.clear_email();
}

void ApplyView(postgres::Transaction& tx, v1::EmployeeView view, v1::Employee& employee) {
  if (IsOwn(tx.call(), employee)) return;
  if (view != v1::FULL) return HidePersonalData(employee);
  if (tx.call().principal().service()) return;
  tx.Audit({.agency = std::string(api::AgencyOf(employee.name())),
            .resource = employee.name(),
            .type = "employee.read",
            .about = employee.name()});
}

}  // namespace teraju::identity
