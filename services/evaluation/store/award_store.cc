#include "services/evaluation/store/award_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"

namespace teraju::evaluation {
namespace {

// Of the annual results; achievement and feedback are those of the last segment. A path ends with
// the root; the unit below it stands before. Those who belong to the root itself
// are one unit.
constexpr postgres::Statement kCandidates{"award_candidates", R"sql(
WITH people AS (
  SELECT e.*, unit_path[greatest(cardinality(unit_path) - 1, 1)] AS top_unit,
         EXISTS (SELECT 1 FROM annual_results a
                 WHERE a.agency_id = e.agency_id AND a.cycle_id = e.cycle_id AND a.period_id = e.period_id
                   AND a.employee = e.employee AND a.state = 'FINAL' AND a.predicate = 'VERY_GOOD') AS eligible
  FROM evaluations e
  WHERE e.agency_id = $1 AND e.cycle_id = $2 AND e.period_id = $3
    AND NOT EXISTS (SELECT 1 FROM evaluations l
                    WHERE l.agency_id = e.agency_id AND l.cycle_id = e.cycle_id AND l.period_id = e.period_id
                      AND l.employee = e.employee AND l.end_date > e.end_date)),
ranked AS (
  SELECT top_unit, employee, evaluation_id, mean_achievement, feedback_mean, eligible,
         row_number() OVER (PARTITION BY top_unit
                            ORDER BY eligible DESC, mean_achievement DESC NULLS LAST, feedback_mean DESC NULLS LAST,
                                     employee) AS place,
         count(*) OVER (PARTITION BY top_unit) AS people
  FROM people)
SELECT top_unit, employee, evaluation_id, mean_achievement, feedback_mean, place, people
FROM ranked r
WHERE eligible AND place <= people * $4 / 100
  AND NOT EXISTS (SELECT 1 FROM awards a
                  WHERE a.agency_id = $1 AND a.cycle_id = $2 AND a.period_id = $3 AND a.employee = r.employee)
ORDER BY top_unit, place)sql"};

constexpr postgres::Statement kInsert{"award_insert", R"sql(
INSERT INTO awards (agency_id, cycle_id, period_id, award_id, employee, unit_id, evaluation_id, reason_id, reason_en, state,
                    create_time)
SELECT $1, $2, $3, n.award_id, n.employee, n.unit_id, n.evaluation_id, n.reason_id, n.reason_en, 'NOMINATED', $4::timestamptz
FROM unnest($5::uuid[], $6::text[], $7::text[], $8::uuid[], $9::text[], $10::text[])
     AS n(award_id, employee, unit_id, evaluation_id, reason_id, reason_en)
ON CONFLICT (agency_id, cycle_id, period_id, employee) DO NOTHING)sql"};

constexpr postgres::Statement kSelect{
    "award_select", "SELECT * FROM awards WHERE agency_id = $1 AND award_id = $2::uuid"};

constexpr postgres::Statement kSelectForUpdate{
    "award_select_for_update",
    "SELECT * FROM awards WHERE agency_id = $1 AND award_id = $2::uuid FOR NO KEY UPDATE"};

constexpr postgres::Statement kList{"award_list", R"sql(
SELECT * FROM awards
WHERE agency_id = $1 AND ($2::uuid IS NULL OR award_id > $2::uuid)
  AND ($4::boolean OR employee = $5)
  AND ($6::text IS NULL OR (cycle_id = $6 AND period_id = $7))
ORDER BY award_id LIMIT $3)sql"};

constexpr postgres::Statement kUpdate{"award_update", R"sql(
UPDATE awards SET state = $3, decided_by = $4, comment = $5, version = version + 1
WHERE agency_id = $1 AND award_id = $2::uuid
RETURNING *)sql"};

v1::Award ToAward(const pqxx::row& row) {
  const std::string agency = row["agency_id"].c_str();
  v1::Award award;
  award.set_name(kAwardName.Format({agency, row["award_id"].c_str()}));
  award.set_employee(PersonName(agency, row["employee"].c_str()));
  award.set_unit(UnitName(agency, row["unit_id"].c_str()));
  award.set_period(PeriodKey{agency, row["cycle_id"].c_str(), row["period_id"].c_str()}.ToName());
  award.set_state(ReadEnum<v1::Award::State>(row["state"]));
  award.set_reason_id(row["reason_id"].c_str());
  award.set_reason_en(row["reason_en"].c_str());
  award.set_evaluation(kEvaluationName.Format({agency, row["evaluation_id"].c_str()}));
  award.set_decided_by(PersonName(agency, postgres::EmptyIfNull(row["decided_by"])));
  award.set_comment(row["comment"].c_str());
  *award.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  award.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return award;
}

}  // namespace

std::vector<AwardStore::Candidate> AwardStore::FindCandidates(const PeriodKey& period,
                                                              int share_percent) const {
  std::vector<Candidate> candidates;
  for (const pqxx::row& row :
       tx_.Exec(kCandidates, period.agency, period.cycle, period.period, share_percent)) {
    Candidate& candidate = candidates.emplace_back();
    candidate.employee = row["employee"].c_str();
    candidate.unit = row["top_unit"].c_str();
    candidate.evaluation = row["evaluation_id"].c_str();
    candidate.ground = {.place = row["place"].as<int>(),
                        .people = row["people"].as<int>(),
                        .mean_achievement = postgres::EmptyIfNull(row["mean_achievement"]),
                        .feedback_mean = postgres::EmptyIfNull(row["feedback_mean"])};
  }
  return candidates;
}

void AwardStore::Insert(const PeriodKey& period, std::span<const v1::Award> awards) {
  std::vector<std::string> ids, employees, units, evaluations, reasons_id, reasons_en;
  for (const v1::Award& award : awards) {
    ids.push_back(IdOf(award.name()));
    employees.push_back(SubjectOf(award.employee()));
    units.push_back(IdOf(award.unit()));
    evaluations.push_back(IdOf(award.evaluation()));
    reasons_id.push_back(award.reason_id());
    reasons_en.push_back(award.reason_en());
  }
  tx_.Exec(kInsert,
           period.agency,
           period.cycle,
           period.period,
           postgres::ToText(tx_.call().time()),
           postgres::ToArray(ids),
           postgres::ToArray(employees),
           postgres::ToArray(units),
           postgres::ToArray(evaluations),
           postgres::ToArray(reasons_id),
           postgres::ToArray(reasons_en));
}

std::optional<v1::Award> AwardStore::Find(const Key& key) const {
  const pqxx::result rows = tx_.Exec(kSelect, key.agency, key.id);
  if (rows.empty()) return std::nullopt;
  return ToAward(rows.front());
}

std::vector<v1::Award> AwardStore::List(const std::string& agency, const AwardQuery& query) const {
  const ScopeParameters scope(query.scope, query.caller);
  std::optional<std::string> cycle, period;
  if (query.period.has_value()) {
    cycle = query.period->cycle;
    period = query.period->period;
  }
  std::vector<v1::Award> awards;
  for (const pqxx::row& row : tx_.Exec(kList,
                                       agency,
                                       postgres::NullIfEmpty(query.page.after),
                                       query.page.size,
                                       scope.agency,
                                       scope.self,
                                       cycle,
                                       period)) {
    awards.push_back(ToAward(row));
  }
  return awards;
}

absl::StatusOr<v1::Award> AwardStore::Update(const Key& key,
                                             const api::Precondition& precondition,
                                             absl::FunctionRef<absl::Status(v1::Award&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency, key.id);
  if (rows.empty()) return errors::ResourceNotFound(kAwardName.Format({key.agency, key.id}));
  v1::Award award = ToAward(rows.front());
  RETURN_IF_ERROR(precondition.Check(rows.front()["version"].as<std::int64_t>(), award.name()));
  RETURN_IF_ERROR(change(award));
  return ToAward(tx_.Exec(kUpdate,
                          key.agency,
                          key.id,
                          EnumText(award.state()),
                          postgres::NullIfEmpty(SubjectOf(award.decided_by())),
                          award.comment())
                     .front());
}

}  // namespace teraju::evaluation
