#include "services/evaluation/store/evaluation_store.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kSelect{
    "evaluation_select",
    "SELECT * FROM evaluations WHERE agency_id = $1 AND evaluation_id = $2::uuid"};

constexpr postgres::Statement kSelectAll{
    "evaluation_select_all",
    "SELECT * FROM evaluations WHERE agency_id = $1 AND evaluation_id = ANY ($2::uuid[])"};

constexpr postgres::Statement kSelectForUpdate{"evaluation_select_for_update",
                                               "SELECT * FROM evaluations WHERE agency_id = $1 AND "
                                               "evaluation_id = $2::uuid FOR NO KEY UPDATE"};

// Parameters that are null or false fall away when the statement is planned, which happens for each
// set of them.
constexpr postgres::Statement kList{"evaluation_list", R"sql(
SELECT * FROM evaluations
WHERE agency_id = $1 AND ($2::uuid IS NULL OR evaluation_id > $2::uuid)
  AND ($4::boolean OR employee = $5 OR appraiser = $6 OR next_appraiser = $7 OR unit_path && $8::text[])
  AND ($9::text IS NULL OR (cycle_id = $9 AND period_id = $10))
  AND ($11::text IS NULL OR employee = $11)
  AND ($12::text IS NULL OR appraiser = $12)
  AND ($13::text IS NULL OR unit_path @> ARRAY[$13]::text[])
  AND ($14::text IS NULL OR state = $14)
  AND (NOT rehearsal OR employee = $15 OR (appraiser = $15 AND state IN ('OPEN', 'RATED')))
ORDER BY evaluation_id LIMIT $3)sql"};

constexpr postgres::Statement kUpdate{"evaluation_update", R"sql(
UPDATE evaluations SET state = $3, computed = decode($4, 'hex'), self_note = $5, result_rating = $6, behavior_rating = $7,
  result_reason = $8, behavior_reason = $9, predicate = $10, rated_by = $11, rate_time = $12::timestamptz,
  acknowledge_time = $13::timestamptz, figures = decode($14, 'hex'), version = version + 1
WHERE agency_id = $1 AND evaluation_id = $2::uuid
RETURNING *)sql"};

// The receipt's digest went into the decision log with the last record of type evaluation.final: an
// objection that changes a result makes it final again.
constexpr postgres::Statement kSelectReceipt{"receipt_select", R"sql(
SELECT r.receipt, r.create_time,
       (SELECT a.event_id FROM audit_events a
        WHERE a.agency_id = $1 AND a.resource = $3 AND a.type = 'evaluation.final'
        ORDER BY a.xid DESC, a.event_number DESC LIMIT 1) AS event_id
FROM receipts r WHERE r.agency_id = $1 AND r.evaluation_id = $2::uuid)sql"};

}  // namespace

v1::Evaluation ToEvaluation(const pqxx::row& row) {
  const std::string agency = row["agency_id"].c_str();
  v1::Evaluation evaluation;
  evaluation.set_name(kEvaluationName.Format({agency, row["evaluation_id"].c_str()}));
  evaluation.set_work_plan(kWorkPlanName.Format({agency, row["plan_id"].c_str()}));
  evaluation.set_period(
      PeriodKey{agency, row["cycle_id"].c_str(), row["period_id"].c_str()}.ToName());
  *evaluation.mutable_snapshot() = ToSnapshot(agency, row);
  evaluation.set_state(ReadEnum<v1::Evaluation::State>(row["state"]));
  if (!row["computed"].is_null()) {
    evaluation.mutable_computed()->ParseFromString(postgres::FromBytes(row["computed"]));
  }
  evaluation.set_self_note(row["self_note"].c_str());
  evaluation.set_result_rating(ReadEnum<v1::Rating>(row["result_rating"]));
  evaluation.set_behavior_rating(ReadEnum<v1::Rating>(row["behavior_rating"]));
  evaluation.set_result_reason(row["result_reason"].c_str());
  evaluation.set_behavior_reason(row["behavior_reason"].c_str());
  evaluation.set_predicate(ReadEnum<v1::Predicate>(row["predicate"]));
  evaluation.set_rated_by(PersonName(agency, postgres::EmptyIfNull(row["rated_by"])));
  if (!row["rate_time"].is_null())
    *evaluation.mutable_rate_time() = postgres::ToTimestamp(row["rate_time"]);
  if (!row["final_time"].is_null())
    *evaluation.mutable_final_time() = postgres::ToTimestamp(row["final_time"]);
  if (!row["acknowledge_time"].is_null()) {
    *evaluation.mutable_acknowledge_time() = postgres::ToTimestamp(row["acknowledge_time"]);
  }
  if (!row["figures"].is_null()) evaluation.MergeFromString(postgres::FromBytes(row["figures"]));
  if (!row["local_result"].is_null()) {
    evaluation.mutable_local_result()->ParseFromString(postgres::FromBytes(row["local_result"]));
  }
  evaluation.set_rehearsal(row["rehearsal"].as<bool>());
  evaluation.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return evaluation;
}

std::optional<std::string> FiguresHex(const v1::Evaluation& evaluation) {
  if (evaluation.figures().empty()) return std::nullopt;
  v1::Evaluation only;
  *only.mutable_figures() = evaluation.figures();
  return absl::BytesToHexString(only.SerializeAsString());
}

std::optional<v1::Evaluation> EvaluationStore::Find(const Key& key) const {
  const pqxx::result rows = tx_.Exec(kSelect, key.agency, key.id);
  if (rows.empty()) return std::nullopt;
  return ToEvaluation(rows.front());
}

std::vector<v1::Evaluation> EvaluationStore::FindAll(const std::string& agency,
                                                     const std::vector<std::string>& ids) const {
  std::vector<v1::Evaluation> found;
  for (const pqxx::row& row : tx_.Exec(kSelectAll, agency, postgres::ToArray(ids))) {
    found.push_back(ToEvaluation(row));
  }
  return found;
}

std::vector<v1::Evaluation> EvaluationStore::List(const std::string& agency,
                                                  const EvaluationQuery& query) const {
  const SnapshotQuery& snapshot = query.snapshot;
  const ScopeParameters scope(snapshot.scope, snapshot.caller);
  std::vector<v1::Evaluation> evaluations;
  for (const pqxx::row& row : ListRows(tx_,
                                       kList,
                                       agency,
                                       query.page,
                                       scope,
                                       query.period,
                                       postgres::NullIfEmpty(snapshot.employee),
                                       postgres::NullIfEmpty(snapshot.appraiser),
                                       postgres::NullIfEmpty(snapshot.unit),
                                       EnumText(query.state),
                                       snapshot.caller)) {
    v1::Evaluation& evaluation = evaluations.emplace_back(ToEvaluation(row));
    evaluation.clear_figures();
    if (evaluation.has_local_result()) evaluation.mutable_local_result()->clear_inputs();
  }
  return evaluations;
}

absl::StatusOr<v1::Evaluation> EvaluationStore::Update(
    const Key& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::Evaluation&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency, key.id);
  if (rows.empty()) return errors::ResourceNotFound(kEvaluationName.Format({key.agency, key.id}));
  v1::Evaluation evaluation = ToEvaluation(rows.front());
  RETURN_IF_ERROR(
      precondition.Check(rows.front()["version"].as<std::int64_t>(), evaluation.name()));
  RETURN_IF_ERROR(change(evaluation));
  std::optional<std::string> computed;
  if (evaluation.has_computed())
    computed = absl::BytesToHexString(evaluation.computed().SerializeAsString());
  return ToEvaluation(
      tx_.Exec(kUpdate,
               key.agency,
               key.id,
               EnumText(evaluation.state()),
               computed,
               evaluation.self_note(),
               EnumText(evaluation.result_rating()),
               EnumText(evaluation.behavior_rating()),
               evaluation.result_reason(),
               evaluation.behavior_reason(),
               EnumText(evaluation.predicate()),
               postgres::NullIfEmpty(SubjectOf(evaluation.rated_by())),
               ToText(evaluation.rate_time(), evaluation.has_rate_time()),
               ToText(evaluation.acknowledge_time(), evaluation.has_acknowledge_time()),
               FiguresHex(evaluation))
          .front());
}

std::optional<v1::ScoreReceipt> EvaluationStore::FindReceipt(const Key& key) const {
  const pqxx::result rows =
      tx_.Exec(kSelectReceipt, key.agency, key.id, kEvaluationName.Format({key.agency, key.id}));
  if (rows.empty()) return std::nullopt;
  const pqxx::row row = rows.front();
  v1::ScoreReceipt receipt;
  receipt.ParseFromString(postgres::FromBytes(row["receipt"]));
  receipt.set_name(kReceiptName.Format({key.agency, key.id}));
  *receipt.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  if (!row["event_id"].is_null())
    receipt.set_audit_event(absl::StrCat("auditEvents/evaluation/", row["event_id"].c_str()));
  return receipt;
}

}  // namespace teraju::evaluation
