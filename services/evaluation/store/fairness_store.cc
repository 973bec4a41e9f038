#include "services/evaluation/store/fairness_store.h"

#include "common/errors/error.h"
#include "common/postgres/codec.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/store/rows.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kListPeople{"fairness_list_people", R"sql(
SELECT a.employee, a.unit_path, a.position_kind, a.predicate, o.changed
FROM annual_results a
LEFT JOIN (
  SELECT employee, bool_or(state = 'RESULT_CHANGED') AS changed FROM objections
  WHERE agency_id = $1 AND cycle_id = $2 AND period_id = $3 GROUP BY employee) o
  USING (employee)
WHERE a.agency_id = $1 AND a.cycle_id = $2 AND a.period_id = $3 AND a.state = 'FINAL'
ORDER BY a.employee)sql"};

constexpr postgres::Statement kInsertReport{
    "fairness_insert",
    "INSERT INTO fairness_reports (agency_id, cycle_id, body) VALUES ($1, $2, $3) ON CONFLICT DO "
    "NOTHING"};

constexpr postgres::Statement kSelectReport{
    "fairness_select", "SELECT body FROM fairness_reports WHERE agency_id = $1 AND cycle_id = $2"};

}  // namespace

std::vector<domain::FairnessPerson> FairnessStore::ListPeople(
    const CycleKey& cycle, const std::map<std::string, domain::PersonTraits>& traits) const {
  const domain::PersonTraits unknown;
  std::vector<domain::FairnessPerson> people;
  for (const pqxx::row& row :
       tx_.Exec(kListPeople, cycle.agency, cycle.cycle, std::string(domain::kYear))) {
    domain::FairnessPerson& person = people.emplace_back();
    for (const std::string& unit : postgres::ToStrings(row["unit_path"]))
      person.unit_path.push_back(UnitName(cycle.agency, unit));
    person.position_kind = row["position_kind"].c_str();
    const auto found = traits.find(PersonName(cycle.agency, row["employee"].c_str()));
    const domain::PersonTraits& known = found == traits.end() ? unknown : found->second;
    person.rank_group = domain::RankGroupOf(known.grade);
    person.gender = domain::GenderGroupOf(known.gender);
    person.predicate = ReadEnum<v1::Predicate>(row["predicate"]);
    if (!row["changed"].is_null()) {
      person.objection = row["changed"].as<bool>() ? domain::FairnessObjection::kChanged
                                                   : domain::FairnessObjection::kUnchanged;
    }
  }
  return people;
}

absl::Status FairnessStore::InsertReport(const CycleKey& cycle, const v1::FairnessReport& report) {
  if (tx_.Exec(kInsertReport,
               cycle.agency,
               cycle.cycle,
               postgres::ToBytes(report.SerializeAsString()))
          .affected_rows() == 0)
    return errors::ResourceExists(report.name());
  return absl::OkStatus();
}

std::optional<v1::FairnessReport> FairnessStore::FindReport(const CycleKey& cycle) const {
  const pqxx::result rows = tx_.Exec(kSelectReport, cycle.agency, cycle.cycle);
  if (rows.empty()) return std::nullopt;
  v1::FairnessReport report;
  report.ParseFromString(postgres::FromBytes(rows.front()["body"]));
  return report;
}

}  // namespace teraju::evaluation
