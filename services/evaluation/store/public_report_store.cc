#include "services/evaluation/store/public_report_store.h"

#include "common/postgres/codec.h"
#include "services/evaluation/store/rows.h"
#include "teraju/evaluation/v1/objection.pb.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kPeople{"public_report_people", R"sql(
SELECT a.unit_path, a.predicate, o.state AS objection
FROM annual_results a
LEFT JOIN (
  SELECT DISTINCT ON (employee) employee, state FROM objections
  WHERE agency_id = $1 AND cycle_id = $2 AND period_id = $3 ORDER BY employee, objection_id DESC) o
  USING (employee)
WHERE a.agency_id = $1 AND a.cycle_id = $2 AND a.period_id = $3 AND a.state = 'FINAL')sql"};

constexpr postgres::Statement kInsert{"public_report_insert", R"sql(
INSERT INTO public_reports (agency_id, cycle_id, report, create_time) VALUES ($1, $2, $3, $4::timestamptz))sql"};

constexpr postgres::Statement kSelect{
    "public_report_select",
    "SELECT report FROM public_reports WHERE agency_id = $1 AND cycle_id = $2"};

domain::PublicObjection ToPublicObjection(v1::Objection::State state) {
  switch (state) {
    case v1::Objection::FILED:
    case v1::Objection::HEARD:
      return domain::PublicObjection::kOpen;
    case v1::Objection::RESULT_UPHELD:
      return domain::PublicObjection::kUpheld;
    case v1::Objection::RESULT_CHANGED:
      return domain::PublicObjection::kChanged;
    case v1::Objection::WITHDRAWN:
      return domain::PublicObjection::kWithdrawn;
    default:
      return domain::PublicObjection::kNone;
  }
}

}  // namespace

std::vector<domain::AppraisedPerson> PublicReportStore::People(const PeriodKey& year) const {
  std::vector<domain::AppraisedPerson> people;
  for (const pqxx::row& row : tx_.Exec(kPeople, year.agency, year.cycle, year.period)) {
    people.push_back({postgres::ToStrings(row["unit_path"]),
                      ReadEnum<v1::Predicate>(row["predicate"]),
                      ToPublicObjection(ReadEnum<v1::Objection::State>(row["objection"]))});
  }
  return people;
}

void PublicReportStore::Insert(const CycleKey& key, const v1::PublicReport& report) {
  tx_.Exec(kInsert,
           key.agency,
           key.cycle,
           postgres::ToBytes(report.SerializeAsString()),
           postgres::ToText(tx_.call().time()));
}

std::optional<v1::PublicReport> PublicReportStore::Find(const CycleKey& key) const {
  const pqxx::result rows = tx_.Exec(kSelect, key.agency, key.cycle);
  if (rows.empty()) return std::nullopt;
  v1::PublicReport report;
  report.ParseFromString(postgres::FromBytes(rows.front()["report"]));
  return report;
}

}  // namespace teraju::evaluation
