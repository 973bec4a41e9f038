#include "services/evaluation/store/objection_store.h"

#include "absl/strings/escaping.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"
#include "common/postgres/lock_name.h"
#include "services/evaluation/domain/objection.h"
#include "services/evaluation/store/evaluation_store.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kSelectRules{"objection_rules_select",
                                           "SELECT * FROM objection_rules WHERE agency_id = $1"};

constexpr postgres::Statement kLockRules{"objection_rules_lock",
                                         "SELECT * FROM objection_rules WHERE agency_id = $1 "
                                         "FOR NO KEY UPDATE"};

constexpr postgres::Statement kStoreRules{"objection_rules_store", R"sql(
INSERT INTO objection_rules AS r (agency_id, rules, update_time) VALUES ($1, $2, $3::timestamptz)
ON CONFLICT (agency_id) DO UPDATE
SET rules = excluded.rules, update_time = excluded.update_time, version = r.version + 1
RETURNING *)sql"};

constexpr postgres::Statement kInsert{"objection_insert", R"sql(
INSERT INTO objections (agency_id, objection_id, evaluation_id, cycle_id, period_id, employee, appraiser, decider,
                        unit_path, state, body, create_time)
VALUES ($1, $2::uuid, $3::uuid, $4, $5, $6, $7, $8, $9::text[], $10, $11, $12::timestamptz)
ON CONFLICT (agency_id, evaluation_id) WHERE state <> 'WITHDRAWN' DO NOTHING
RETURNING *)sql"};

constexpr postgres::Statement kInsertRecord{"objection_record_insert", R"sql(
INSERT INTO objection_records (agency_id, objection_id, record) VALUES ($1, $2::uuid, $3))sql"};

constexpr postgres::Statement kSelectRecord{"objection_record_select", R"sql(
SELECT record FROM objection_records WHERE agency_id = $1 AND objection_id = $2::uuid)sql"};

constexpr postgres::Statement kSelectOfEvaluation{"objection_select_of_evaluation", R"sql(
SELECT objection_id FROM objections
WHERE agency_id = $1 AND evaluation_id = $2::uuid AND state <> 'WITHDRAWN')sql"};

constexpr postgres::Statement kSelect{
    "objection_select",
    "SELECT * FROM objections WHERE agency_id = $1 AND objection_id = $2::uuid"};

constexpr postgres::Statement kSelectForUpdate{
    "objection_select_for_update",
    "SELECT * FROM objections WHERE agency_id = $1 AND objection_id = $2::uuid FOR NO KEY UPDATE"};

constexpr postgres::Statement kList{"objection_list", R"sql(
SELECT * FROM objections
WHERE agency_id = $1 AND ($2::uuid IS NULL OR objection_id > $2::uuid)
  AND ($4::boolean OR employee = $5 OR appraiser = $6 OR decider = $7 OR unit_path && $8::text[])
  AND ($9::text IS NULL OR (cycle_id = $9 AND period_id = $10))
  AND ($11::text IS NULL OR employee = $11)
  AND ($12::text IS NULL OR state = $12)
  AND (NOT $13::boolean OR (decider IS NULL AND state IN ('FILED', 'HEARD')))
ORDER BY objection_id LIMIT $3)sql"};

constexpr postgres::Statement kNextToRemind{"objection_next_to_remind", R"sql(
SELECT * FROM objections
WHERE agency_id = $1 AND state IN ('FILED', 'HEARD')
  AND (remind_time IS NULL OR remind_time < $2::timestamptz)
ORDER BY objection_id FOR NO KEY UPDATE SKIP LOCKED)sql"};

constexpr postgres::Statement kWithoutDecider{"objection_without_decider", R"sql(
SELECT count(*) FROM objections
WHERE agency_id = $1 AND state IN ('FILED', 'HEARD') AND decider IS NULL)sql"};

constexpr postgres::Statement kReminded{"objection_reminded", R"sql(
UPDATE objections SET remind_time = $3::timestamptz WHERE agency_id = $1 AND objection_id = $2::uuid)sql"};

constexpr postgres::Statement kUpdate{"objection_update", R"sql(
UPDATE objections SET state = $3, decider = $4, body = $5, version = version + 1
WHERE agency_id = $1 AND objection_id = $2::uuid
RETURNING *)sql"};

constexpr postgres::Statement kReplaceResult{"objection_replace_result", R"sql(
WITH result AS (
  UPDATE evaluations SET state = $3, computed = decode($4, 'hex'), result_rating = $5, behavior_rating = $6,
    result_reason = $7, behavior_reason = $8, predicate = $9, rated_by = $10, rate_time = $11::timestamptz,
    final_time = $11::timestamptz, acknowledge_time = NULL, local_result = decode(nullif($12, ''), 'hex'),
    version = version + 1
  WHERE agency_id = $1 AND evaluation_id = $2::uuid)
UPDATE receipts SET receipt = $13, digest = $14, create_time = $11::timestamptz
WHERE agency_id = $1 AND evaluation_id = $2::uuid)sql"};

constexpr postgres::Statement kAppraiserOf{"objection_appraiser_of", R"sql(
SELECT appraiser FROM work_plans
WHERE agency_id = $1 AND cycle_id = $2 AND employee = $3 ORDER BY start_date DESC LIMIT 1)sql"};

// unit_path runs from the unit to the root: the last but one is right below the root.
constexpr postgres::Statement kCountByUnit{"objection_count_by_unit", R"sql(
SELECT coalesce(e.unit_path[cardinality(e.unit_path) - 1], e.unit_path[1]) AS top_unit, count(*) AS results,
       count(o.objection_id) AS filed,
       count(*) FILTER (WHERE o.state = 'RESULT_UPHELD') AS upheld,
       count(*) FILTER (WHERE o.state = 'RESULT_CHANGED') AS changed,
       count(*) FILTER (WHERE o.state = 'WITHDRAWN') AS withdrawn
FROM evaluations e
LEFT JOIN LATERAL (
  SELECT objection_id, state FROM objections o
  WHERE o.agency_id = e.agency_id AND o.evaluation_id = e.evaluation_id
  ORDER BY objection_id DESC LIMIT 1) o ON true
WHERE e.agency_id = $1 AND e.cycle_id = $2 AND e.period_id = $3 AND e.state IN ('FINAL', 'ACKNOWLEDGED')
GROUP BY top_unit ORDER BY top_unit)sql"};

v1::ObjectionRules ToRules(const std::string& agency, const pqxx::row& row) {
  v1::ObjectionRules rules;
  rules.ParseFromString(postgres::FromBytes(row["rules"]));
  rules.set_name(domain::DefaultObjectionRules(agency).name());
  rules.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return rules;
}

v1::Objection ToObjection(const pqxx::row& row) {
  v1::Objection objection;
  objection.ParseFromString(postgres::FromBytes(row["body"]));
  objection.set_name(
      kObjectionName.Format({row["agency_id"].c_str(), row["objection_id"].c_str()}));
  objection.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return objection;
}

pqxx::binarystring ObjectionBody(const v1::Objection& objection) {
  v1::Objection body = objection;
  body.clear_name();
  body.clear_record();
  body.clear_etag();
  return postgres::ToBytes(body.SerializeAsString());
}

}  // namespace

v1::ObjectionRules ObjectionStore::GetRules(const std::string& agency) const {
  const pqxx::result rows = tx_.Exec(kSelectRules, agency);
  return rows.empty() ? domain::DefaultObjectionRules(agency) : ToRules(agency, rows.front());
}

absl::StatusOr<v1::ObjectionRules> ObjectionStore::UpdateRules(
    const std::string& agency,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::ObjectionRules&)> change) {
  postgres::LockName(tx_, domain::DefaultObjectionRules(agency).name());
  const pqxx::result rows = tx_.Exec(kLockRules, agency);
  v1::ObjectionRules rules =
      rows.empty() ? domain::DefaultObjectionRules(agency) : ToRules(agency, rows.front());
  const std::int64_t version = rows.empty() ? 0 : rows.front()["version"].as<std::int64_t>();
  RETURN_IF_ERROR(precondition.Check(version, rules.name()));
  RETURN_IF_ERROR(change(rules));
  rules.clear_name();
  rules.clear_etag();
  return ToRules(agency,
                 tx_.Exec(kStoreRules,
                          agency,
                          postgres::ToBytes(rules.SerializeAsString()),
                          postgres::ToText(tx_.call().time()))
                     .front());
}

absl::StatusOr<v1::Objection> ObjectionStore::Insert(const Key& key,
                                                     const v1::Objection& objection,
                                                     const PeriodKey& period,
                                                     const std::string& record) {
  const std::string evaluation = IdOf(objection.evaluation());
  std::vector<std::string> path;
  for (const std::string& unit : objection.snapshot().unit_path()) path.push_back(IdOf(unit));
  const pqxx::result rows = tx_.Exec(kInsert,
                                     key.agency,
                                     key.id,
                                     evaluation,
                                     period.cycle,
                                     period.period,
                                     SubjectOf(objection.snapshot().employee()),
                                     SubjectOf(objection.snapshot().appraiser()),
                                     postgres::NullIfEmpty(SubjectOf(objection.decider())),
                                     postgres::ToArray(path),
                                     EnumText(objection.state()),
                                     ObjectionBody(objection),
                                     postgres::ToText(tx_.call().time()));
  if (rows.empty()) {
    const pqxx::result other = tx_.Exec(kSelectOfEvaluation, key.agency, evaluation);
    const std::string id = other.empty() ? "" : other.front().front().c_str();
    return errors::FailedPrecondition(v1::OBJECTION_EXISTS, "There is a case against this result.")
        .With("objection", kObjectionName.Format({key.agency, id}));
  }
  tx_.Exec(kInsertRecord, key.agency, key.id, postgres::ToBytes(record));
  return ToObjection(rows.front());
}

std::optional<v1::Objection> ObjectionStore::Find(const Key& key) const {
  const pqxx::result rows = tx_.Exec(kSelect, key.agency, key.id);
  if (rows.empty()) return std::nullopt;
  return ToObjection(rows.front());
}

v1::ObjectionRecord ObjectionStore::GetRecord(const Key& key) const {
  v1::ObjectionRecord record;
  for (const pqxx::row& row : tx_.Exec(kSelectRecord, key.agency, key.id))
    record.ParseFromString(postgres::FromBytes(row["record"]));
  return record;
}

std::vector<v1::Objection> ObjectionStore::List(const std::string& agency,
                                                const ObjectionQuery& query) const {
  const ScopeParameters scope(query.scope, query.caller);
  std::vector<v1::Objection> objections;
  for (const pqxx::row& row : ListRows(tx_,
                                       kList,
                                       agency,
                                       query.page,
                                       scope,
                                       query.period,
                                       postgres::NullIfEmpty(query.employee),
                                       EnumText(query.state),
                                       query.without_decider)) {
    objections.push_back(ToObjection(row));
  }
  return objections;
}

std::vector<v1::Objection> ObjectionStore::NextToRemind(const std::string& agency,
                                                        absl::Time before) const {
  std::vector<v1::Objection> objections;
  for (const pqxx::row& row : tx_.Exec(kNextToRemind, agency, postgres::ToText(before)))
    objections.push_back(ToObjection(row));
  return objections;
}

int ObjectionStore::CountWithoutDecider(const std::string& agency) const {
  return tx_.Exec(kWithoutDecider, agency).front().front().as<int>();
}

void ObjectionStore::Reminded(const Key& key) {
  tx_.Exec(kReminded, key.agency, key.id, postgres::ToText(tx_.call().time()));
}

absl::StatusOr<v1::Objection> ObjectionStore::Update(
    const Key& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::Objection&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency, key.id);
  if (rows.empty()) return errors::ResourceNotFound(kObjectionName.Format({key.agency, key.id}));
  v1::Objection objection = ToObjection(rows.front());
  RETURN_IF_ERROR(precondition.Check(rows.front()["version"].as<std::int64_t>(), objection.name()));
  RETURN_IF_ERROR(change(objection));
  return ToObjection(tx_.Exec(kUpdate,
                              key.agency,
                              key.id,
                              EnumText(objection.state()),
                              postgres::NullIfEmpty(SubjectOf(objection.decider())),
                              ObjectionBody(objection))
                         .front());
}

void ObjectionStore::ReplaceResult(const Key& key,
                                   const v1::Evaluation& evaluation,
                                   const v1::ScoreReceipt& receipt) {
  std::optional<std::string> computed;
  if (evaluation.has_computed())
    computed = absl::BytesToHexString(evaluation.computed().SerializeAsString());
  const std::string local =
      evaluation.has_local_result()
          ? absl::BytesToHexString(evaluation.local_result().SerializeAsString())
          : "";
  tx_.Exec(kReplaceResult,
           key.agency,
           key.id,
           EnumText(evaluation.state()),
           computed,
           EnumText(evaluation.result_rating()),
           EnumText(evaluation.behavior_rating()),
           evaluation.result_reason(),
           evaluation.behavior_reason(),
           EnumText(evaluation.predicate()),
           SubjectOf(evaluation.rated_by()),
           postgres::ToText(evaluation.final_time()),
           local,
           postgres::ToBytes(receipt.SerializeAsString()),
           receipt.digest());
}

std::string ObjectionStore::AppraiserOf(const CycleKey& cycle, const std::string& person) const {
  const pqxx::result rows = tx_.Exec(kAppraiserOf, cycle.agency, cycle.cycle, person);
  return rows.empty() ? "" : rows.front().front().c_str();
}

std::vector<v1::ObjectionCounts> ObjectionStore::CountByUnit(const PeriodKey& period) const {
  std::vector<v1::ObjectionCounts> counts;
  for (const pqxx::row& row : tx_.Exec(kCountByUnit, period.agency, period.cycle, period.period)) {
    v1::ObjectionCounts& one = counts.emplace_back();
    one.set_unit(UnitName(period.agency, row["top_unit"].c_str()));
    one.set_results(row["results"].as<int>());
    one.set_filed(row["filed"].as<int>());
    one.set_upheld(row["upheld"].as<int>());
    one.set_changed(row["changed"].as<int>());
    one.set_withdrawn(row["withdrawn"].as<int>());
  }
  return counts;
}

}  // namespace teraju::evaluation
