#include "services/evaluation/store/measurement_store.h"

#include <set>

#include "common/postgres/codec.h"
#include "services/evaluation/store/progress_store.h"

namespace teraju::evaluation {
namespace {

// A person's plan of the day, or the one of the unit's head.
constexpr postgres::Statement kFindPlans{"measurement_find_plans", R"sql(
WITH told AS (SELECT * FROM unnest($2::integer[], $3::text[], $4::text[], $5::date[]) AS t(place, employee, unit, day))
SELECT t.place, w.plan_id FROM told t
JOIN work_plans w ON w.agency_id = $1 AND w.employee = t.employee AND t.day BETWEEN w.start_date AND w.end_date
JOIN cycles c ON (c.agency_id, c.cycle_id) = (w.agency_id, w.cycle_id) AND c.state = 'OPEN'
WHERE t.employee <> '' AND w.state = 'APPROVED'
UNION ALL
SELECT t.place, w.plan_id FROM told t
JOIN work_plans w ON w.agency_id = $1 AND w.unit_path @> ARRAY[t.unit] AND w.unit_id = t.unit AND w.leads_unit
  AND t.day BETWEEN w.start_date AND w.end_date
JOIN cycles c ON (c.agency_id, c.cycle_id) = (w.agency_id, w.cycle_id) AND c.state = 'OPEN'
WHERE t.unit <> '' AND w.state = 'APPROVED'
ORDER BY 1, 2)sql"};

constexpr postgres::Statement kLock{
    "measurement_lock_plans",
    "SELECT 1 FROM work_plans WHERE agency_id = $1 AND plan_id = ANY ($2::uuid[]) ORDER BY plan_id "
    "FOR UPDATE"};

constexpr postgres::Statement kFindMeasured{"measurement_find_measured", R"sql(
SELECT * FROM progress_entries e
WHERE agency_id = $1 AND plan_id = ANY ($2::uuid[]) AND date = ANY ($3::date[]) AND measured_source IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM progress_entries c
                  WHERE c.agency_id = e.agency_id AND c.plan_id = e.plan_id AND c.corrects = e.entry_id))sql"};

}  // namespace

std::map<std::size_t, std::vector<std::string>> MeasurementStore::LockPlans(
    const std::string& agency, std::span<const domain::ToldFigure> figures) const {
  std::vector<std::string> places, employees, units, days;
  for (std::size_t i = 0; i < figures.size(); ++i) {
    if (figures[i].result.state() == v1::MeasurementResult::REFUSED) continue;
    const v1::Measurement& measurement = figures[i].measurement;
    places.push_back(std::to_string(i));
    employees.push_back(SubjectOf(measurement.employee()));
    units.push_back(IdOf(measurement.unit()));
    days.push_back(*postgres::ToText(measurement.date()));
  }
  std::map<std::size_t, std::vector<std::string>> plans;
  std::set<std::string> all;
  for (const pqxx::row& row : tx_.Exec(kFindPlans,
                                       agency,
                                       postgres::ToArray(places),
                                       postgres::ToArray(employees),
                                       postgres::ToArray(units),
                                       postgres::ToArray(days))) {
    plans[row["place"].as<std::size_t>()].emplace_back(row["plan_id"].c_str());
    all.insert(row["plan_id"].c_str());
  }
  const std::vector<std::string> locked(all.begin(), all.end());
  tx_.Exec(kLock, agency, postgres::ToArray(locked));
  return plans;
}

std::map<std::string, std::vector<v1::ProgressEntry>> MeasurementStore::FindMeasured(
    const std::string& agency,
    const std::vector<std::string>& plans,
    std::span<const domain::ToldFigure> figures) const {
  std::set<std::string> days;
  for (const domain::ToldFigure& figure : figures)
    if (figure.measurement.has_date()) days.insert(*postgres::ToText(figure.measurement.date()));
  const std::vector<std::string> dates(days.begin(), days.end());
  std::map<std::string, std::vector<v1::ProgressEntry>> found;
  for (v1::ProgressEntry& entry : ToEntries(
           tx_.Exec(kFindMeasured, agency, postgres::ToArray(plans), postgres::ToArray(dates)))) {
    const std::string plan = entry.name().substr(0, entry.name().find("/progressEntries/"));
    found[IdOf(plan)].push_back(std::move(entry));
  }
  return found;
}

}  // namespace teraju::evaluation
