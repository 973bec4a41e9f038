#include "services/evaluation/store/annual_result_store.h"

#include "absl/strings/escaping.h"
#include "common/api/strong_id.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"
#include "services/evaluation/store/evaluation_store.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kEnsure{"annual_result_ensure", R"sql(
INSERT INTO annual_results AS a (agency_id, annual_result_id, cycle_id, period_id, employee, unit_id, unit_path, position_title,
  position_kind, leads_unit, start_date, end_date, appraiser, next_appraiser, explanation_id, explanation_en, create_time,
  rehearsal)
SELECT DISTINCT ON (e.employee) e.agency_id, n.id, e.cycle_id, e.period_id, e.employee, e.unit_id, e.unit_path, e.position_title,
  e.position_kind, e.leads_unit, e.start_date, e.end_date, e.appraiser, e.next_appraiser, e.explanation_id, e.explanation_en,
  $6::timestamptz, e.rehearsal
FROM unnest($4::text[], $5::uuid[]) AS n(employee, id)
JOIN evaluations e ON e.agency_id = $1 AND e.cycle_id = $2 AND e.period_id = $3 AND e.employee = n.employee
ORDER BY e.employee, e.end_date DESC, e.start_date DESC
ON CONFLICT (agency_id, cycle_id, period_id, employee) DO UPDATE
SET unit_id = excluded.unit_id, unit_path = excluded.unit_path, position_title = excluded.position_title,
  position_kind = excluded.position_kind, leads_unit = excluded.leads_unit, start_date = excluded.start_date,
  end_date = excluded.end_date, appraiser = excluded.appraiser, next_appraiser = excluded.next_appraiser,
  explanation_id = excluded.explanation_id, explanation_en = excluded.explanation_en, version = a.version + 1
WHERE a.state = 'DRAFT' AND (a.start_date, a.end_date) <> (excluded.start_date, excluded.end_date))sql"};

constexpr postgres::Statement kSelect{
    "annual_result_select",
    "SELECT * FROM annual_results WHERE agency_id = $1 AND annual_result_id = $2::uuid"};

constexpr postgres::Statement kSelectForUpdate{
    "annual_result_select_for_update",
    "SELECT * FROM annual_results WHERE agency_id = $1 AND annual_result_id = $2::uuid FOR NO KEY "
    "UPDATE"};

constexpr postgres::Statement kList{"annual_result_list", R"sql(
SELECT * FROM annual_results
WHERE agency_id = $1 AND ($2::uuid IS NULL OR annual_result_id > $2::uuid)
  AND ($4::boolean OR employee = $5 OR appraiser = $6 OR next_appraiser = $7 OR unit_path && $8::text[])
  AND ($9::text IS NULL OR (cycle_id = $9 AND period_id = $10))
  AND ($11::text IS NULL OR employee = $11)
  AND ($12::text IS NULL OR appraiser = $12)
  AND ($13::text IS NULL OR unit_path @> ARRAY[$13]::text[])
  AND (NOT rehearsal OR employee = $14 OR (appraiser = $14 AND state = 'DRAFT'))
ORDER BY annual_result_id LIMIT $3)sql"};

constexpr postgres::Statement kFindFinal{"annual_result_find_final", R"sql(
SELECT a.*, extract(year FROM c.start_date)::int AS year
FROM annual_results a JOIN cycles c USING (agency_id, cycle_id)
WHERE a.agency_id = $1 AND a.employee = $2 AND a.state = 'FINAL' AND c.kind = 'ANNUAL'
  AND ($3::int = 0 OR extract(year FROM c.start_date) = $3)
ORDER BY c.start_date, a.annual_result_id)sql"};

constexpr postgres::Statement kParts{"annual_result_parts", R"sql(
SELECT e.*, r.digest AS receipt_digest
FROM evaluations e LEFT JOIN receipts r USING (agency_id, evaluation_id)
WHERE e.agency_id = $1 AND e.cycle_id = $2 AND e.period_id = $3 AND e.employee = ANY ($4::text[]))sql"};

constexpr postgres::Statement kUpdateDecision{"annual_result_update_decision", R"sql(
UPDATE annual_results SET decision = decode($3, 'hex'), decided = $4, version = version + 1
WHERE agency_id = $1 AND annual_result_id = $2::uuid
RETURNING *)sql"};

constexpr postgres::Statement kSelectOfPerson{"annual_result_of_person", R"sql(
SELECT * FROM annual_results
WHERE agency_id = $1 AND cycle_id = $2 AND period_id = $3 AND employee = $4 FOR NO KEY UPDATE)sql"};

constexpr postgres::Statement kCountDrafts{"annual_result_count_drafts", R"sql(
SELECT count(*) FROM annual_results
WHERE agency_id = $1 AND cycle_id = $2 AND period_id = $3 AND state = 'DRAFT')sql"};

constexpr postgres::Statement kNextDraftIds{"annual_result_next_draft_ids", R"sql(
SELECT annual_result_id FROM annual_results
WHERE agency_id = $1 AND cycle_id = $2 AND period_id = $3 AND state = 'DRAFT'
  AND ($4::uuid IS NULL OR annual_result_id > $4::uuid)
ORDER BY annual_result_id LIMIT $5)sql"};

constexpr postgres::Statement kNextDrafts{"annual_result_next_drafts", R"sql(
SELECT * FROM annual_results
WHERE agency_id = $1 AND cycle_id = $2 AND period_id = $3 AND state = 'DRAFT'
  AND ($4::uuid IS NULL OR annual_result_id > $4::uuid) AND annual_result_id <= $5::uuid
ORDER BY annual_result_id FOR NO KEY UPDATE)sql"};

constexpr postgres::Statement kStoreFinal{"annual_result_store_final", R"sql(
UPDATE annual_results a
SET state = 'FINAL', predicate = s.predicate, body = decode(s.body, 'hex'), document = s.document,
  final_time = $2::timestamptz, version = a.version + 1
FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[]) AS s(annual_result_id, predicate, body, document)
WHERE a.agency_id = $1 AND a.annual_result_id = s.annual_result_id)sql"};

// The document's digest went into the decision log with the last record of type annualResult.final.
constexpr postgres::Statement kSelectReceipt{"annual_result_receipt", R"sql(
SELECT a.document,
       (SELECT l.event_id FROM audit_events l
        WHERE l.agency_id = $1 AND l.resource = $3 AND l.type = 'annualResult.final'
        ORDER BY l.xid DESC, l.event_number DESC LIMIT 1) AS event_id
FROM annual_results a
WHERE a.agency_id = $1 AND a.annual_result_id = $2::uuid AND a.state = 'FINAL')sql"};

}  // namespace

v1::AnnualResult ToAnnualResult(const pqxx::row& row) {
  const std::string agency = row["agency_id"].c_str();
  v1::AnnualResult result;
  if (!row["body"].is_null()) result.ParseFromString(postgres::FromBytes(row["body"]));
  result.set_name(kAnnualResultName.Format({agency, row["annual_result_id"].c_str()}));
  result.set_period(PeriodKey{agency, row["cycle_id"].c_str(), row["period_id"].c_str()}.ToName());
  *result.mutable_snapshot() = ToSnapshot(agency, row);
  result.set_state(ReadEnum<v1::AnnualResult::State>(row["state"]));
  result.set_predicate(ReadEnum<v1::Predicate>(row["predicate"]));
  if (!row["decision"].is_null())
    result.mutable_decision()->ParseFromString(postgres::FromBytes(row["decision"]));
  if (!row["final_time"].is_null())
    *result.mutable_final_time() = postgres::ToTimestamp(row["final_time"]);
  result.set_rehearsal(row["rehearsal"].as<bool>());
  result.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return result;
}

void AnnualResultStore::Ensure(const PeriodKey& year, const std::vector<std::string>& employees) {
  std::vector<std::string> ids;
  ids.reserve(employees.size());
  for (std::size_t i = 0; i < employees.size(); ++i) ids.push_back(NewUuid7(tx_.call().time()));
  tx_.Exec(kEnsure,
           year.agency,
           year.cycle,
           year.period,
           postgres::ToArray(employees),
           postgres::ToArray(ids),
           postgres::ToText(tx_.call().time()));
}

std::optional<v1::AnnualResult> AnnualResultStore::Find(const Key& key) const {
  const pqxx::result rows = tx_.Exec(kSelect, key.agency, key.id);
  if (rows.empty()) return std::nullopt;
  return ToAnnualResult(rows.front());
}

std::vector<v1::AnnualResult> AnnualResultStore::List(const std::string& agency,
                                                      const AnnualResultQuery& query) const {
  const SnapshotQuery& snapshot = query.snapshot;
  const ScopeParameters scope(snapshot.scope, snapshot.caller);
  std::vector<v1::AnnualResult> results;
  for (const pqxx::row& row : ListRows(tx_,
                                       kList,
                                       agency,
                                       query.page,
                                       scope,
                                       query.period,
                                       postgres::NullIfEmpty(snapshot.employee),
                                       postgres::NullIfEmpty(snapshot.appraiser),
                                       postgres::NullIfEmpty(snapshot.unit),
                                       snapshot.caller)) {
    v1::AnnualResult& result = results.emplace_back(ToAnnualResult(row));
    result.clear_segments();
    result.clear_text_id();
    result.clear_text_en();
    if (result.has_credits()) {
      result.mutable_credits()->clear_text_id();
      result.mutable_credits()->clear_text_en();
    }
    if (result.has_local_result()) result.mutable_local_result()->clear_inputs();
  }
  return results;
}

std::vector<AnnualResultStore::YearResult> AnnualResultStore::FindFinal(const std::string& agency,
                                                                        const std::string& employee,
                                                                        int year) const {
  std::vector<YearResult> results;
  for (const pqxx::row& row : tx_.Exec(kFindFinal, agency, employee, year))
    results.push_back({row["year"].as<int>(), ToAnnualResult(row)});
  return results;
}

std::map<std::string, std::vector<domain::AnnualPart>> AnnualResultStore::Parts(
    const PeriodKey& year, const std::vector<std::string>& employees) const {
  std::map<std::string, std::vector<domain::AnnualPart>> parts;
  for (const pqxx::row& row :
       tx_.Exec(kParts, year.agency, year.cycle, year.period, postgres::ToArray(employees))) {
    domain::AnnualPart& part = parts[row["employee"].c_str()].emplace_back();
    part.evaluation = ToEvaluation(row);
    part.receipt_digest = postgres::EmptyIfNull(row["receipt_digest"]);
  }
  return parts;
}

absl::StatusOr<v1::AnnualResult> AnnualResultStore::UpdateDecision(
    const Key& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::AnnualResult&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency, key.id);
  if (rows.empty()) return errors::ResourceNotFound(kAnnualResultName.Format({key.agency, key.id}));
  v1::AnnualResult result = ToAnnualResult(rows.front());
  RETURN_IF_ERROR(precondition.Check(rows.front()["version"].as<std::int64_t>(), result.name()));
  RETURN_IF_ERROR(change(result));
  std::optional<std::string> decision;
  if (result.has_decision())
    decision = absl::BytesToHexString(result.decision().SerializeAsString());
  return ToAnnualResult(
      tx_.Exec(
             kUpdateDecision, key.agency, key.id, decision, EnumText(result.decision().predicate()))
          .front());
}

std::optional<v1::AnnualResult> AnnualResultStore::Lock(const PeriodKey& year,
                                                        const std::string& employee) {
  const pqxx::result rows =
      tx_.Exec(kSelectOfPerson, year.agency, year.cycle, year.period, employee);
  if (rows.empty()) return std::nullopt;
  return ToAnnualResult(rows.front());
}

int AnnualResultStore::CountDrafts(const PeriodKey& year) const {
  return tx_.Exec(kCountDrafts, year.agency, year.cycle, year.period).front().front().as<int>();
}

std::vector<std::string> AnnualResultStore::NextDraftIds(const PeriodKey& year,
                                                         const std::string& after,
                                                         int size) const {
  std::vector<std::string> ids;
  for (const pqxx::row& row : tx_.Exec(
           kNextDraftIds, year.agency, year.cycle, year.period, postgres::NullIfEmpty(after), size))
    ids.emplace_back(row.front().c_str());
  return ids;
}

std::vector<v1::AnnualResult> AnnualResultStore::NextDrafts(const PeriodKey& year,
                                                            const std::string& after,
                                                            const std::string& last) {
  std::vector<v1::AnnualResult> drafts;
  for (const pqxx::row& row : tx_.Exec(
           kNextDrafts, year.agency, year.cycle, year.period, postgres::NullIfEmpty(after), last))
    drafts.push_back(ToAnnualResult(row));
  return drafts;
}

void AnnualResultStore::StoreFinal(const std::string& agency, std::span<const Final> results) {
  std::vector<std::string> ids, predicates, bodies, documents;
  for (const Final& one : results) {
    ids.push_back(IdOf(one.result.name()));
    predicates.push_back(v1::Predicate_Name(one.result.predicate()));
    v1::AnnualResult body;
    *body.mutable_segments() = one.result.segments();
    if (one.result.has_local_result()) *body.mutable_local_result() = one.result.local_result();
    if (one.result.has_credits()) *body.mutable_credits() = one.result.credits();
    body.set_text_id(one.result.text_id());
    body.set_text_en(one.result.text_en());
    body.set_digest(one.result.digest());
    bodies.push_back(absl::BytesToHexString(body.SerializeAsString()));
    documents.push_back(one.document);
  }
  tx_.Exec(kStoreFinal,
           agency,
           postgres::ToText(tx_.call().time()),
           postgres::ToArray(ids),
           postgres::ToArray(predicates),
           postgres::ToArray(bodies),
           postgres::ToArray(documents));
}

std::optional<AnnualResultStore::Receipt> AnnualResultStore::FindReceipt(const Key& key) const {
  const pqxx::result rows =
      tx_.Exec(kSelectReceipt, key.agency, key.id, kAnnualResultName.Format({key.agency, key.id}));
  if (rows.empty()) return std::nullopt;
  return Receipt{.document = rows.front()["document"].c_str(),
                 .event = postgres::EmptyIfNull(rows.front()["event_id"])};
}

}  // namespace teraju::evaluation
