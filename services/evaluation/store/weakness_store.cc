#include "services/evaluation/store/weakness_store.h"

#include "common/postgres/codec.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kSelectSuperiors{"weakness_select_superiors", R"sql(
SELECT appraiser, next_appraiser FROM work_plans WHERE agency_id = $1 AND employee = $2
ORDER BY end_date DESC, start_date DESC, plan_id DESC LIMIT 1)sql"};

// The third part of a name is its collection.
constexpr postgres::Statement kListReadings{"weakness_list_readings", R"sql(
SELECT create_time, actor, resource FROM audit_events
WHERE agency_id = $1 AND about = $2 AND split_part(resource, '/', 3) = $3
ORDER BY xid DESC, event_number DESC LIMIT 100)sql"};

}  // namespace

std::optional<Superiors> WeaknessStore::FindSuperiors(const std::string& agency,
                                                      const std::string& person) const {
  const pqxx::result rows = tx_.Exec(kSelectSuperiors, agency, person);
  if (rows.empty()) return std::nullopt;
  const pqxx::row row = rows.front();
  return Superiors{PersonName(agency, row["appraiser"].c_str()),
                   PersonName(agency, postgres::EmptyIfNull(row["next_appraiser"]))};
}

std::vector<v1::WeaknessReading> WeaknessStore::ListReadings(const std::string& person,
                                                             const std::string& collection) const {
  std::vector<v1::WeaknessReading> readings;
  for (const pqxx::row& row :
       tx_.Exec(kListReadings, std::string(api::AgencyOf(person)), person, collection)) {
    v1::WeaknessReading& reading = readings.emplace_back();
    *reading.mutable_read_time() = postgres::ToTimestamp(row["create_time"]);
    reading.set_actor(row["actor"].c_str());
    reading.set_resource(row["resource"].c_str());
  }
  return readings;
}

}  // namespace teraju::evaluation
