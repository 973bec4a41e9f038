#include "services/evaluation/store/rows.h"

#include "absl/time/time.h"
#include "common/postgres/codec.h"
#include "services/evaluation/store/names.h"

namespace teraju::evaluation {

std::optional<std::string> ToText(const google::protobuf::Timestamp& stamp, bool present) {
  if (!present) return std::nullopt;
  return postgres::ToText(absl::FromUnixSeconds(stamp.seconds()) +
                          absl::Nanoseconds(stamp.nanos()));
}

v1::Snapshot ToSnapshot(const std::string& agency, const pqxx::row& row) {
  v1::Snapshot snapshot;
  snapshot.set_employee(PersonName(agency, row["employee"].c_str()));
  snapshot.set_unit(UnitName(agency, row["unit_id"].c_str()));
  for (const std::string& unit : postgres::ToStrings(row["unit_path"])) {
    snapshot.add_unit_path(UnitName(agency, unit));
  }
  snapshot.set_position_title(row["position_title"].c_str());
  snapshot.set_position_kind(row["position_kind"].c_str());
  snapshot.set_leads_unit(row["leads_unit"].as<bool>());
  *snapshot.mutable_start_date() = postgres::ToDate(row["start_date"]);
  *snapshot.mutable_end_date() = postgres::ToDate(row["end_date"]);
  snapshot.set_appraiser(PersonName(agency, row["appraiser"].c_str()));
  snapshot.set_next_appraiser(PersonName(agency, postgres::EmptyIfNull(row["next_appraiser"])));
  snapshot.set_explanation_id(row["explanation_id"].c_str());
  snapshot.set_explanation_en(row["explanation_en"].c_str());
  return snapshot;
}

ScopeParameters::ScopeParameters(const auth::Scope& scope, const std::string& caller)
    : agency(scope.agency) {
  if (scope.self) self = caller;
  if (scope.appraiser) appraiser = caller;
  if (scope.next) next_appraiser = caller;
  std::vector<std::string> ids;
  ids.reserve(scope.units.size());
  for (const std::string& unit : scope.units) ids.push_back(IdOf(unit));
  units = postgres::ToArray(ids);
}

}  // namespace teraju::evaluation
