#include "services/identity/api/access_objects.h"

#include "common/errors/error.h"
#include "services/identity/store/agency_store.h"
#include "services/identity/store/line_store.h"
#include "services/identity/store/names.h"
#include "services/identity/store/unit_store.h"

namespace teraju::identity {

auth::Object AgencyObject(const AgencyId& agency, std::string_view resource) {
  auth::Object object;
  object.resource = resource;
  object.agency = agency;
  return object;
}

auth::Object UnitObject(postgres::Transaction& tx,
                        const AgencyId& agency,
                        const std::string& unit,
                        std::string_view resource) {
  auth::Object object = AgencyObject(agency, resource);
  object.unit_path =
      UnitNames(agency, UnitStore(tx).PathOf({agency, UnitId(unit)}, Today(tx, agency)));
  return object;
}

auth::Object PersonObject(postgres::Transaction& tx,
                          const EmployeeKey& key,
                          std::string_view resource) {
  auth::Object object = AgencyObject(key.agency, resource);
  object.person = "employees/" + key.employee.value();
  // Who speaks for another is asked for more (CallContext::Authorize).
  const bool cheap = tx.call().principal().acting.empty();
  if (cheap && tx.call().Allowed(tx.call().permission(), object)) return object;
  return WholePersonObject(tx, key, resource);
}

auth::Object WholePersonObject(postgres::Transaction& tx,
                               const EmployeeKey& key,
                               std::string_view resource) {
  auth::Object object = AgencyObject(key.agency, resource);
  object.person = "employees/" + key.employee.value();
  const absl::CivilDay today = Today(tx, key.agency);
  const std::vector<std::string> path = EmployeeStore(tx).UnitPathOf(key, today);
  object.unit_path = UnitNames(key.agency, path);
  if (path.empty() || !tx.call().principal().person()) return object;
  const LineStore lines(tx);
  const Place place = lines.PlaceOf(key, today).value_or(Place{path[0], false});
  const auto line = lines.Resolve(key, place, today);
  if (!line.ok()) return object;
  object.appraiser = line->appraiser->person;
  if (line->next_appraiser) object.next_appraiser = line->next_appraiser->person;
  return object;
}

std::vector<std::string> UnitNames(const AgencyId& agency, const std::vector<std::string>& ids) {
  std::vector<std::string> names;
  for (const std::string& id : ids) names.push_back(kUnitName.Format({agency.value(), id}));
  return names;
}

std::string PersonName(const AgencyId& agency, const std::string& subject) {
  return subject.empty() ? "" : kAgencyName.Format({agency.value()}) + "/" + subject;
}

absl::CivilDay Today(postgres::Transaction& tx, const AgencyId& agency) {
  absl::TimeZone zone = absl::FixedTimeZone(7 * 60 * 60);
  const auto found = AgencyStore(tx).Get(agency);
  if (found.ok()) absl::LoadTimeZone(found->time_zone(), &zone);
  return absl::ToCivilDay(tx.call().time(), zone);
}

absl::Status CheckUnitName(const AgencyId& agency,
                           const std::string& name,
                           std::string_view field) {
  if (name.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto ids, kUnitName.Parse(name, field));
  if (ids[0] == agency.value()) return absl::OkStatus();
  return errors::InvalidArgument(errors::reasons::NAME_INVALID,
                                 "The unit belongs to another agency.")
      .With("field", field)
      .With("pattern", kUnitName.Format({agency.value(), "{unit}"}));
}

}  // namespace teraju::identity
