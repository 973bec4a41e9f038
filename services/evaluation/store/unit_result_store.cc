#include "services/evaluation/store/unit_result_store.h"

#include <set>

#include "absl/strings/escaping.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"

namespace teraju::evaluation {
namespace {

// The topmost person of the unit shows who leads it. Where that is not the head, somebody acts as
// head of the unit unless the appraiser is an official or heads a unit above: then the appraiser's
// superior is the higher leader.
constexpr postgres::Statement kSelectPosition{"unit_result_select_position", R"sql(
WITH top AS (
  SELECT *, array_position(unit_path, $4::text) AS place
  FROM evaluations
  WHERE agency_id = $1 AND cycle_id = $2 AND period_id = $3 AND unit_path @> ARRAY[$4]::text[]
  ORDER BY (unit_id = $4 AND leads_unit) DESC, array_position(unit_path, $4::text), leads_unit DESC, end_date DESC,
           evaluation_id
  LIMIT 1)
SELECT unit_path[place:] AS unit_path,
       CASE WHEN (unit_id = $4 AND leads_unit) OR appraiser LIKE 'officials/%' OR EXISTS (
              SELECT 1 FROM evaluations a
              WHERE a.agency_id = $1 AND a.cycle_id = $2 AND a.period_id = $3 AND a.employee = top.appraiser
                AND a.leads_unit AND a.unit_id = ANY (top.unit_path[place + 1:]))
            THEN appraiser ELSE coalesce(next_appraiser, appraiser) END AS appraiser
FROM top)sql"};

constexpr postgres::Statement kInsert{"unit_result_insert", R"sql(
INSERT INTO unit_results (agency_id, unit_result_id, cycle_id, period_id, unit_id, unit_path, appraiser, predicate, reason,
                          state, rated_by, create_time, update_time, rehearsal)
VALUES ($1, $2::uuid, $3, $4, $5, $6::text[], $7, $8, $9, 'DRAFT', $10, $11::timestamptz, $11::timestamptz,
        EXISTS (SELECT 1 FROM cycles c WHERE c.agency_id = $1 AND c.cycle_id = $3 AND c.kind = 'SHADOW'))
ON CONFLICT DO NOTHING)sql"};

// The people of a unit are those whose last segment of the period lies in it, its head excepted; a
// person of several segments counts as the year was decided. Counted only until the result is
// confirmed.
constexpr postgres::Statement kSelect{"unit_result_select", R"sql(
SELECT u.*, d.*
FROM unit_results u LEFT JOIN LATERAL (
  SELECT count(*) AS population, count(p.predicate) AS rated,
         count(*) FILTER (WHERE p.predicate = 'VERY_GOOD') AS very_good,
         count(*) FILTER (WHERE p.predicate = 'GOOD') AS good,
         count(*) FILTER (WHERE p.predicate = 'NEEDS_IMPROVEMENT') AS needs_improvement,
         count(*) FILTER (WHERE p.predicate = 'POOR') AS poor,
         count(*) FILTER (WHERE p.predicate = 'VERY_POOR') AS very_poor
  FROM evaluations e
  LEFT JOIN annual_results a USING (agency_id, cycle_id, period_id, employee)
  CROSS JOIN LATERAL (
    SELECT CASE WHEN e.predicate IS NOT NULL THEN coalesce(a.decided, e.predicate) END AS predicate) p
  WHERE e.agency_id = u.agency_id AND e.cycle_id = u.cycle_id AND e.period_id = u.period_id
    AND e.unit_path @> ARRAY[u.unit_id] AND NOT (e.leads_unit AND e.unit_id = u.unit_id)
    AND NOT EXISTS (SELECT 1 FROM evaluations l
                    WHERE l.agency_id = e.agency_id AND l.cycle_id = e.cycle_id AND l.period_id = e.period_id
                      AND l.employee = e.employee AND l.end_date > e.end_date)
) d ON u.state = 'DRAFT'
WHERE u.agency_id = $1 AND u.unit_result_id = $2::uuid)sql"};

constexpr postgres::Statement kSelectForUpdate{"unit_result_select_for_update", R"sql(
SELECT 1 FROM unit_results WHERE agency_id = $1 AND unit_result_id = $2::uuid FOR UPDATE)sql"};

// Those of these evaluations and annual results whose people count: as in unit_result_select.
constexpr postgres::Statement kSelectCounted{"unit_result_select_counted", R"sql(
SELECT e.evaluation_id, a.annual_result_id, e.employee, e.result_rating, e.behavior_rating, e.predicate, a.decided
FROM unit_results u
JOIN evaluations e USING (agency_id, cycle_id, period_id)
LEFT JOIN annual_results a USING (agency_id, cycle_id, period_id, employee)
WHERE u.agency_id = $1 AND u.unit_result_id = $2::uuid
  AND e.employee IN (SELECT n.employee FROM evaluations n
                     WHERE n.agency_id = $1 AND n.evaluation_id = ANY ($3::uuid[])
                     UNION ALL
                     SELECT n.employee FROM annual_results n
                     WHERE n.agency_id = $1 AND n.annual_result_id = ANY ($4::uuid[]))
  AND e.unit_path @> ARRAY[u.unit_id] AND NOT (e.leads_unit AND e.unit_id = u.unit_id)
  AND NOT EXISTS (SELECT 1 FROM evaluations l
                  WHERE l.agency_id = e.agency_id AND l.cycle_id = e.cycle_id AND l.period_id = e.period_id
                    AND l.employee = e.employee AND l.end_date > e.end_date))sql"};

constexpr postgres::Statement kListIds{"unit_result_list", R"sql(
SELECT unit_result_id FROM unit_results
WHERE agency_id = $1 AND ($2::uuid IS NULL OR unit_result_id > $2::uuid)
  AND ($4::boolean OR appraiser = $5 OR unit_path && $6::text[])
  AND ($7::text IS NULL OR (cycle_id = $7 AND period_id = $8))
  AND ($9::text IS NULL OR unit_id = $9)
  AND (NOT rehearsal OR (appraiser = $10 AND state <> 'PUBLISHED'))
ORDER BY unit_result_id LIMIT $3)sql"};

constexpr postgres::Statement kUpdate{"unit_result_update", R"sql(
UPDATE unit_results SET predicate = $3, reason = $4, state = $5, distribution = decode($6, 'hex'), justification = $7, rated_by = $8,
  version = version + 1, update_time = $9::timestamptz
WHERE agency_id = $1 AND unit_result_id = $2::uuid)sql"};

// FOR SHARE: a confirmation waits for ratings that have begun, and ratings for a confirmation.
constexpr postgres::Statement kSelectOfUnits{"unit_result_select_of_units", R"sql(
SELECT unit_id, predicate, state FROM unit_results
WHERE agency_id = $1 AND cycle_id = $2 AND period_id = $3 AND unit_id = ANY ($4::text[])
ORDER BY unit_result_id FOR SHARE)sql"};

constexpr postgres::Statement kSelectOfHead{"unit_result_select_of_head", R"sql(
SELECT evaluation_id FROM evaluations
WHERE agency_id = $1 AND cycle_id = $2 AND period_id = $3 AND unit_id = $4 AND leads_unit
ORDER BY evaluation_id)sql"};

// A path ends with the root; the unit below it stands before.
constexpr postgres::Statement kSelectOpen{"unit_result_select_open", R"sql(
SELECT unit_id FROM unit_results
WHERE agency_id = $1 AND cycle_id = $2 AND period_id = $3 AND state = 'DRAFT'
UNION
SELECT top.unit_id
FROM (SELECT DISTINCT unit_path[cardinality(unit_path) - 1] AS unit_id FROM evaluations
      WHERE $4 AND agency_id = $1 AND cycle_id = $2 AND period_id = $3 AND cardinality(unit_path) > 1) top
WHERE NOT EXISTS (SELECT 1 FROM unit_results u
                  WHERE u.agency_id = $1 AND u.cycle_id = $2 AND u.period_id = $3 AND u.unit_id = top.unit_id)
ORDER BY 1)sql"};

constexpr postgres::Statement kPublish{"unit_result_publish", R"sql(
UPDATE unit_results SET state = 'PUBLISHED', version = version + 1, update_time = $4::timestamptz
WHERE agency_id = $1 AND cycle_id = $2 AND period_id = $3 AND state = 'CONFIRMED')sql"};

v1::UnitResult ToUnitResult(const pqxx::row& row) {
  const std::string agency = row["agency_id"].c_str();
  v1::UnitResult result;
  result.set_name(kUnitResultName.Format({agency, row["unit_result_id"].c_str()}));
  result.set_unit(UnitName(agency, row["unit_id"].c_str()));
  result.set_period(PeriodKey{agency, row["cycle_id"].c_str(), row["period_id"].c_str()}.ToName());
  result.set_predicate(ReadEnum<v1::UnitPredicate>(row["predicate"]));
  result.set_reason(row["reason"].c_str());
  result.set_state(ReadEnum<v1::UnitResult::State>(row["state"]));
  v1::DistributionCheck& distribution = *result.mutable_distribution();
  if (!row["distribution"].is_null()) {
    distribution.ParseFromString(postgres::FromBytes(row["distribution"]));
  } else {
    distribution.set_population(row["population"].as<int>());
    distribution.set_rated(row["rated"].as<int>());
    distribution.set_very_good(row["very_good"].as<int>());
    distribution.set_good(row["good"].as<int>());
    distribution.set_needs_improvement(row["needs_improvement"].as<int>());
    distribution.set_poor(row["poor"].as<int>());
    distribution.set_very_poor(row["very_poor"].as<int>());
  }
  result.set_justification(row["justification"].c_str());
  result.set_rated_by(PersonName(agency, row["rated_by"].c_str()));
  *result.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  *result.mutable_update_time() = postgres::ToTimestamp(row["update_time"]);
  result.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return result;
}

}  // namespace

std::optional<UnitPosition> UnitResultStore::FindPosition(const PeriodKey& period,
                                                          const std::string& unit) const {
  const pqxx::result rows =
      tx_.Exec(kSelectPosition, period.agency, period.cycle, period.period, unit);
  if (rows.empty()) return std::nullopt;
  return UnitPosition{postgres::ToStrings(rows.front()["unit_path"]),
                      rows.front()["appraiser"].c_str()};
}

absl::StatusOr<v1::UnitResult> UnitResultStore::Insert(const Key& key,
                                                       const PeriodKey& period,
                                                       const UnitPosition& position,
                                                       const v1::UnitResult& result) {
  const pqxx::result inserted = tx_.Exec(kInsert,
                                         key.agency,
                                         key.id,
                                         period.cycle,
                                         period.period,
                                         IdOf(result.unit()),
                                         postgres::ToArray(position.unit_path),
                                         position.appraiser,
                                         EnumText(result.predicate()),
                                         result.reason(),
                                         tx_.call().principal().subject,
                                         postgres::ToText(tx_.call().time()));
  if (inserted.affected_rows() == 0) return errors::ResourceExists(result.unit());
  return Find(key)->result;
}

std::optional<StoredUnitResult> UnitResultStore::Find(const Key& key) const {
  const pqxx::result rows = tx_.Exec(kSelect, key.agency, key.id);
  if (rows.empty()) return std::nullopt;
  const pqxx::row row = rows.front();
  return StoredUnitResult{ToUnitResult(row),
                          {postgres::ToStrings(row["unit_path"]), row["appraiser"].c_str()},
                          row["rehearsal"].as<bool>()};
}

std::vector<v1::UnitResult> UnitResultStore::List(const std::string& agency,
                                                  const UnitResultQuery& query) const {
  const ScopeParameters scope(query.scope, query.caller);
  std::optional<std::string> cycle, period;
  if (query.period.has_value()) {
    cycle = query.period->cycle;
    period = query.period->period;
  }
  std::vector<v1::UnitResult> results;
  for (const pqxx::row& row : tx_.Exec(kListIds,
                                       agency,
                                       postgres::NullIfEmpty(query.page.after),
                                       query.page.size,
                                       scope.agency,
                                       scope.appraiser,
                                       scope.units,
                                       cycle,
                                       period,
                                       postgres::NullIfEmpty(query.unit),
                                       query.caller)) {
    if (std::optional<StoredUnitResult> found = Find({agency, row.front().c_str()})) {
      results.push_back(std::move(found->result));
    }
  }
  return results;
}

absl::StatusOr<v1::UnitResult> UnitResultStore::Update(
    const Key& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::UnitResult&)> change) {
  tx_.Exec(kSelectForUpdate, key.agency, key.id);
  // Counted in a statement of its own, which sees the ratings that the lock has waited for.
  const pqxx::result rows = tx_.Exec(kSelect, key.agency, key.id);
  if (rows.empty()) return errors::ResourceNotFound(kUnitResultName.Format({key.agency, key.id}));
  v1::UnitResult result = ToUnitResult(rows.front());
  RETURN_IF_ERROR(precondition.Check(rows.front()["version"].as<std::int64_t>(), result.name()));
  RETURN_IF_ERROR(change(result));
  std::optional<std::string> distribution;
  if (result.state() != v1::UnitResult::DRAFT) {
    distribution = absl::BytesToHexString(result.distribution().SerializeAsString());
  }
  tx_.Exec(kUpdate,
           key.agency,
           key.id,
           EnumText(result.predicate()),
           result.reason(),
           EnumText(result.state()),
           distribution,
           result.justification(),
           tx_.call().principal().subject,
           postgres::ToText(tx_.call().time()));
  return Find(key)->result;
}

std::optional<StoredUnitResult> UnitResultStore::Lock(const Key& key) {
  tx_.Exec(kSelectForUpdate, key.agency, key.id);
  return Find(key);
}

domain::CountedPeople UnitResultStore::FindCounted(const Key& key,
                                                   const std::vector<std::string>& names) const {
  std::vector<std::string> evaluations, years;
  for (const std::string& name : names) {
    if (const auto one = ParseKey(kEvaluationName, name, ""); one.ok() && one->agency == key.agency)
      evaluations.push_back(one->id);
    if (const auto one = ParseKey(kAnnualResultName, name, "");
        one.ok() && one->agency == key.agency)
      years.push_back(one->id);
  }
  domain::CountedPeople people;
  for (const pqxx::row& row : tx_.Exec(kSelectCounted,
                                       key.agency,
                                       key.id,
                                       postgres::ToArray(evaluations),
                                       postgres::ToArray(years))) {
    domain::CountedPerson person;
    person.evaluation = kEvaluationName.Format({key.agency, row["evaluation_id"].c_str()});
    if (!row["annual_result_id"].is_null())
      person.annual_result =
          kAnnualResultName.Format({key.agency, row["annual_result_id"].c_str()});
    person.employee = PersonName(key.agency, row["employee"].c_str());
    person.results = ReadEnum<v1::Rating>(row["result_rating"]);
    person.behavior = ReadEnum<v1::Rating>(row["behavior_rating"]);
    person.rated = ReadEnum<v1::Predicate>(row["predicate"]);
    person.decided = ReadEnum<v1::Predicate>(row["decided"]);
    if (!person.annual_result.empty()) people[person.annual_result] = person;
    people[person.evaluation] = person;
  }
  return people;
}

std::map<std::string, domain::UnitContext> UnitResultStore::ContextOf(
    const std::vector<v1::Evaluation>& evaluations) const {
  std::map<std::string, domain::UnitContext> contexts;
  if (evaluations.empty()) return contexts;
  const auto period = ParsePeriod(evaluations.front().period(), "period");
  if (!period.ok()) return contexts;
  std::set<std::string> units;
  for (const v1::Evaluation& evaluation : evaluations) {
    for (const std::string& unit : evaluation.snapshot().unit_path()) units.insert(IdOf(unit));
  }
  struct Found {
    v1::UnitPredicate predicate;
    bool confirmed;
  };
  std::map<std::string, Found> found;
  for (const pqxx::row& row :
       tx_.Exec(kSelectOfUnits,
                period->agency,
                period->cycle,
                period->period,
                postgres::ToArray(std::vector<std::string>(units.begin(), units.end())))) {
    found[row["unit_id"].c_str()] = {
        ReadEnum<v1::UnitPredicate>(row["predicate"]),
        ReadEnum<v1::UnitResult::State>(row["state"]) != v1::UnitResult::DRAFT};
  }
  for (const v1::Evaluation& evaluation : evaluations) {
    domain::UnitContext& context = contexts[IdOf(evaluation.name())];
    for (const std::string& unit : evaluation.snapshot().unit_path()) {
      const auto result = found.find(IdOf(unit));
      if (result == found.end()) continue;
      // A head is not counted in the distribution of the own unit.
      if (evaluation.snapshot().leads_unit() && unit == evaluation.snapshot().unit()) {
        context.own_unit = result->second.predicate;
      } else {
        context.confirmed = context.confirmed || result->second.confirmed;
      }
    }
  }
  return contexts;
}

std::vector<std::string> UnitResultStore::EvaluationsOfHead(const PeriodKey& period,
                                                            const std::string& unit) const {
  std::vector<std::string> ids;
  for (const pqxx::row& row :
       tx_.Exec(kSelectOfHead, period.agency, period.cycle, period.period, unit)) {
    ids.emplace_back(row.front().c_str());
  }
  return ids;
}

std::vector<std::string> UnitResultStore::FindOpenUnits(const PeriodKey& period,
                                                        bool required) const {
  std::vector<std::string> units;
  for (const pqxx::row& row :
       tx_.Exec(kSelectOpen, period.agency, period.cycle, period.period, required)) {
    units.push_back(UnitName(period.agency, row.front().c_str()));
  }
  return units;
}

void UnitResultStore::Publish(const PeriodKey& period) {
  tx_.Exec(
      kPublish, period.agency, period.cycle, period.period, postgres::ToText(tx_.call().time()));
}

}  // namespace teraju::evaluation
