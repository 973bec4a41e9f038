#include "services/evaluation/store/talent_store.h"

#include "common/postgres/codec.h"
#include "services/evaluation/domain/cycle.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kListTalent{"talent_list", R"sql(
SELECT a.annual_result_id, a.employee, a.unit_id, a.position_title, a.predicate, c.body
FROM annual_results a
LEFT JOIN LATERAL (
  SELECT body FROM competency_assessments c
  WHERE c.agency_id = a.agency_id AND c.cycle_id = a.cycle_id AND c.employee = a.employee AND c.state = 'FINAL'
  ORDER BY c.start_date DESC LIMIT 1) c ON true
WHERE a.agency_id = $1 AND ($2::uuid IS NULL OR a.annual_result_id > $2::uuid)
  AND ($4::boolean OR a.employee = $5 OR a.appraiser = $6 OR a.next_appraiser = $7 OR a.unit_path && $8::text[])
  AND a.cycle_id = $9 AND a.period_id = $10 AND a.state = 'FINAL'
  AND ($11::text IS NULL OR $11 = ANY (a.unit_path))
ORDER BY a.annual_result_id LIMIT $3)sql"};

v1::TalentPlacement ToPlacement(const std::string& agency, const pqxx::row& row) {
  v1::TalentPlacement placement;
  placement.set_annual_result(kAnnualResultName.Format({agency, row["annual_result_id"].c_str()}));
  placement.set_employee(PersonName(agency, row["employee"].c_str()));
  placement.set_unit(UnitName(agency, row["unit_id"].c_str()));
  placement.set_position_title(row["position_title"].c_str());
  placement.set_predicate(ReadEnum<v1::Predicate>(row["predicate"]));
  v1::CompetencyAssessment assessment;
  if (!row["body"].is_null() && assessment.ParseFromString(postgres::FromBytes(row["body"])))
    *placement.mutable_match_percent() = assessment.match().percent();
  return placement;
}

}  // namespace

std::vector<v1::TalentPlacement> TalentStore::List(const TalentQuery& query) const {
  std::vector<v1::TalentPlacement> placements;
  const std::string& agency = query.cycle.agency;
  for (const pqxx::row& row : ListRows(tx_,
                                       kListTalent,
                                       agency,
                                       query.page,
                                       ScopeParameters(query.scope, query.caller),
                                       PeriodKey{agency, query.cycle.cycle, domain::kYear},
                                       postgres::NullIfEmpty(query.unit))) {
    placements.push_back(ToPlacement(agency, row));
  }
  return placements;
}

}  // namespace teraju::evaluation
