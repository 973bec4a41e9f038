#include "services/evaluation/clients/grpc_people_client.h"

#include "common/errors/status_macros.h"
#include "services/evaluation/clients/peer_errors.h"

namespace teraju::evaluation {
namespace {

namespace people = ::teraju::identity::v1;

std::string WithTitles(const people::Employee& employee) {
  std::string name = employee.full_name();
  if (!employee.title_before().empty()) name = employee.title_before() + " " + name;
  if (!employee.title_after().empty()) name += ", " + employee.title_after();
  return name;
}

std::string GenderGroup(people::EmployeeTraits::Gender gender) {
  if (gender == people::EmployeeTraits::GENDER_UNSPECIFIED) return "";
  return people::EmployeeTraits::Gender_Name(gender);
}

}  // namespace

absl::StatusOr<domain::PersonCard> GrpcPeopleClient::GetCard(const CallContext& call,
                                                             const std::string& person,
                                                             const std::string& unit,
                                                             const google::type::Date& day) {
  domain::PersonCard card;
  std::string place = unit;
  if (person.find("/officials/") != std::string::npos) {
    people::GetOfficialRequest request;
    request.set_name(person);
    const auto official =
        officials_.CallAsService(call, &OfficialsClient::Stub::GetOfficial, request);
    if (!official.ok() && !IsAbsent(official.status()))
      return Passed(official.status(), "identity");
    if (official.ok())
      card = {.name = official->display_name(), .post = official->position_title()};
  } else if (!person.empty()) {
    people::GetEmployeeRequest request;
    request.set_name(person);
    *request.mutable_as_of_date() = day;
    request.set_view(people::FULL);  // official forms bear the NIP
    const auto employee =
        employees_.CallAsService(call, &EmployeesClient::Stub::GetEmployee, request);
    if (!employee.ok() && !IsAbsent(employee.status()))
      return Passed(employee.status(), "identity");
    if (employee.ok()) {
      card = {.name = WithTitles(*employee),
              .nip = employee->nip(),
              .grade = employee->grade(),
              .echelon = employee->echelon(),
              .post = employee->position_title(),
              .email = employee->email()};
      if (place.empty()) place = employee->unit();
    }
  }
  if (place.empty()) return card;
  people::GetUnitRequest request;
  request.set_name(place);
  *request.mutable_as_of_date() = day;
  const auto found = units_.CallAsService(call, &UnitsClient::Stub::GetUnit, request);
  if (!found.ok() && !IsAbsent(found.status())) return Passed(found.status(), "identity");
  if (found.ok()) card.unit = found->display_name();
  return card;
}

absl::StatusOr<std::string> GrpcPeopleClient::FindByNip(const CallContext& call,
                                                        const std::string& agency,
                                                        const std::string& nip) {
  people::LookupEmployeeRequest request;
  request.set_parent(agency);
  request.set_nip(nip);
  const auto employee =
      employees_.CallAsService(call, &EmployeesClient::Stub::LookupEmployee, request);
  if (employee.ok()) return employee->name();
  if (IsAbsent(employee.status())) return std::string();
  return Passed(employee.status(), "identity");
}

absl::StatusOr<std::map<std::string, domain::PersonTraits>> GrpcPeopleClient::ListTraits(
    const CallContext& call, const std::string& agency) {
  std::map<std::string, domain::PersonTraits> traits;
  people::ListEmployeeTraitsRequest request;
  request.set_parent(agency);
  request.set_page_size(1000);
  do {
    const auto page =
        employees_.CallAsService(call, &EmployeesClient::Stub::ListEmployeeTraits, request);
    if (!page.ok()) return Passed(page.status(), "identity");
    for (const people::EmployeeTraits& person : page->traits())
      traits[person.employee()] = {.grade = person.grade(), .gender = GenderGroup(person.gender())};
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return traits;
}

absl::StatusOr<std::map<std::string, std::string>> GrpcPeopleClient::ListUnitNames(
    const CallContext& call, const std::string& agency, const google::type::Date& day) {
  std::map<std::string, std::string> names;
  people::ListUnitsRequest request;
  request.set_parent(agency);
  request.set_page_size(1000);
  *request.mutable_as_of_date() = day;
  do {
    const auto page = units_.CallAsService(call, &UnitsClient::Stub::ListUnits, request);
    if (!page.ok()) return Passed(page.status(), "identity");
    for (const people::Unit& unit : page->units()) names[unit.name()] = unit.display_name();
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return names;
}

}  // namespace teraju::evaluation
