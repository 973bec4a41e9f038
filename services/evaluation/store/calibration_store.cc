#include "services/evaluation/store/calibration_store.h"

#include "absl/strings/escaping.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kInsert{"calibration_insert", R"sql(
INSERT INTO calibration_sessions (agency_id, session_id, unit_result_id, leaders, state, body, create_time)
VALUES ($1, $2::uuid, $3::uuid, '{}', 'OPEN', $4, $5::timestamptz)
ON CONFLICT DO NOTHING)sql"};

// Who counts: as in unit_result_select.
constexpr postgres::Statement kInsertRatings{"calibration_insert_ratings", R"sql(
WITH counted AS (
  SELECT e.evaluation_id, e.result_rating, e.behavior_rating, e.predicate, e.appraiser
  FROM unit_results u JOIN evaluations e USING (agency_id, cycle_id, period_id)
  WHERE u.agency_id = $1 AND u.unit_result_id = $3::uuid AND e.state = 'RATED'
    AND e.unit_path @> ARRAY[u.unit_id] AND NOT (e.leads_unit AND e.unit_id = u.unit_id)
    AND NOT EXISTS (SELECT 1 FROM evaluations l
                    WHERE l.agency_id = e.agency_id AND l.cycle_id = e.cycle_id AND l.period_id = e.period_id
                      AND l.employee = e.employee AND l.end_date > e.end_date)),
kept AS (
  INSERT INTO calibrated_ratings (agency_id, session_id, evaluation_id, before_result, before_behavior, before_predicate)
  SELECT $1, $2::uuid, evaluation_id, result_rating, behavior_rating, predicate FROM counted)
UPDATE calibration_sessions
SET leaders = (SELECT coalesce(array_agg(DISTINCT appraiser ORDER BY appraiser), '{}') FROM counted)
WHERE agency_id = $1 AND session_id = $2::uuid)sql"};

constexpr postgres::Sql kSessions = R"sql(
SELECT s.*, u.unit_id, u.unit_path, u.appraiser, u.cycle_id, u.period_id,
       (SELECT count(*) FROM calibrated_ratings r WHERE (r.agency_id, r.session_id) = (s.agency_id, s.session_id)) AS people
FROM calibration_sessions s JOIN unit_results u USING (agency_id, unit_result_id)
)sql";

constexpr postgres::Statement kSelect{
    "calibration_select",
    postgres::kSql<kSessions + "WHERE s.agency_id = $1 AND s.session_id = $2::uuid">};

constexpr postgres::Statement kLock{
    "calibration_lock",
    "SELECT 1 FROM calibration_sessions WHERE agency_id = $1 AND session_id = $2::uuid FOR UPDATE"};

constexpr postgres::Statement kShare{
    "calibration_share",
    "SELECT 1 FROM calibration_sessions WHERE agency_id = $1 AND session_id = $2::uuid FOR SHARE"};

constexpr postgres::Statement kList{"calibration_list", postgres::kSql<kSessions + R"sql(
WHERE s.agency_id = $1 AND ($2::uuid IS NULL OR s.session_id > $2::uuid)
  AND ($4::boolean OR u.appraiser = $5 OR u.unit_path && $6::text[] OR s.leaders @> ARRAY[$7]::text[])
  AND ($8::text IS NULL OR (u.cycle_id = $8 AND u.period_id = $9))
ORDER BY s.session_id LIMIT $3)sql">};

constexpr postgres::Statement kUpdate{"calibration_update", R"sql(
UPDATE calibration_sessions SET state = $3, body = $4, close_time = $5::timestamptz, version = version + 1
WHERE agency_id = $1 AND session_id = $2::uuid)sql"};

constexpr postgres::Statement kSelectOpen{"calibration_select_open", R"sql(
SELECT session_id FROM calibration_sessions
WHERE agency_id = $1 AND unit_result_id = $2::uuid AND state = 'OPEN')sql"};

// A reader hears nothing about the own person, nor about who appraises it.
constexpr postgres::Statement kSelectRatings{"calibration_select_ratings", R"sql(
SELECT r.*, e.employee, e.appraiser,
       coalesce(r.after_result, e.result_rating) AS now_result,
       coalesce(r.after_behavior, e.behavior_rating) AS now_behavior,
       coalesce(r.after_predicate, e.predicate) AS now_predicate
FROM calibrated_ratings r JOIN evaluations e USING (agency_id, evaluation_id)
WHERE r.agency_id = $1 AND r.session_id = $2::uuid
  AND ($3::uuid IS NULL OR r.evaluation_id > $3::uuid)
  AND ($5::text IS NULL OR (e.employee <> $5 AND NOT EXISTS (
         SELECT 1 FROM evaluations me
         WHERE me.agency_id = $1 AND me.cycle_id = e.cycle_id AND me.period_id = e.period_id AND me.employee = $5
           AND e.employee IN (me.appraiser, me.next_appraiser))))
  AND ($6::uuid IS NULL OR r.evaluation_id = $6::uuid)
ORDER BY r.evaluation_id LIMIT $4)sql"};

constexpr postgres::Statement kLockRating{"calibration_lock_rating", R"sql(
SELECT 1 FROM calibrated_ratings
WHERE agency_id = $1 AND session_id = $2::uuid AND evaluation_id = $3::uuid FOR UPDATE)sql"};

constexpr postgres::Statement kStoreProposals{"calibration_store_proposals", R"sql(
UPDATE calibrated_ratings SET proposals = $4
WHERE agency_id = $1 AND session_id = $2::uuid AND evaluation_id = $3::uuid)sql"};

constexpr postgres::Statement kStoreClosed{"calibration_store_closed", R"sql(
UPDATE calibrated_ratings r
SET after_result = c.result, after_behavior = c.behavior, after_predicate = c.predicate, reason = c.reason,
    proposals = decode(c.proposals, 'hex')
FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
  AS c (evaluation_id, result, behavior, predicate, reason, proposals)
WHERE r.agency_id = $1 AND r.session_id = $2::uuid AND r.evaluation_id = c.evaluation_id)sql"};

constexpr postgres::Statement kCountChanged{"calibration_count_changed", R"sql(
SELECT count(*) FROM calibrated_ratings r JOIN evaluations e USING (agency_id, evaluation_id)
WHERE r.agency_id = $1 AND r.session_id = $2::uuid
  AND (e.result_rating, e.behavior_rating) <> (r.before_result, r.before_behavior))sql"};

constexpr postgres::Statement kSelectChanges{"calibration_select_changes", R"sql(
SELECT r.*, s.close_time, r.after_result AS now_result, r.after_behavior AS now_behavior, r.after_predicate AS now_predicate
FROM calibrated_ratings r JOIN calibration_sessions s USING (agency_id, session_id)
WHERE r.agency_id = $1 AND r.evaluation_id = ANY ($2::uuid[]) AND s.state = 'CLOSED'
  AND (r.after_result, r.after_behavior) <> (r.before_result, r.before_behavior)
ORDER BY s.close_time, s.session_id)sql"};

StoredSession ToSession(const pqxx::row& row) {
  const std::string agency = row["agency_id"].c_str();
  StoredSession stored;
  v1::CalibrationSession& session = stored.session;
  session.ParseFromString(postgres::FromBytes(row["body"]));
  session.set_name(kCalibrationSessionName.Format({agency, row["session_id"].c_str()}));
  session.set_unit_result(kUnitResultName.Format({agency, row["unit_result_id"].c_str()}));
  session.set_unit(UnitName(agency, row["unit_id"].c_str()));
  session.set_period(PeriodKey{agency, row["cycle_id"].c_str(), row["period_id"].c_str()}.ToName());
  session.set_state(ReadEnum<v1::CalibrationSession::State>(row["state"]));
  session.set_people(row["people"].as<int>());
  *session.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  if (!row["close_time"].is_null())
    *session.mutable_close_time() = postgres::ToTimestamp(row["close_time"]);
  session.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  stored.position = {postgres::ToStrings(row["unit_path"]), row["appraiser"].c_str()};
  stored.leaders = postgres::ToStrings(row["leaders"]);
  for (const std::string& leader : stored.leaders) session.add_leaders(PersonName(agency, leader));
  return stored;
}

pqxx::binarystring SessionBody(const v1::CalibrationSession& session) {
  v1::CalibrationSession body;
  *body.mutable_attendants() = session.attendants();
  body.set_notes(session.notes());
  body.set_opened_by(session.opened_by());
  body.set_closed_by(session.closed_by());
  body.set_changed(session.changed());
  if (session.has_before()) *body.mutable_before() = session.before();
  if (session.has_after()) *body.mutable_after() = session.after();
  return postgres::ToBytes(body.SerializeAsString());
}

v1::RatingPair ReadPair(const pqxx::row& row, const std::string& when) {
  v1::RatingPair pair;
  pair.set_result_rating(ReadEnum<v1::Rating>(row[when + "_result"]));
  pair.set_behavior_rating(ReadEnum<v1::Rating>(row[when + "_behavior"]));
  pair.set_predicate(ReadEnum<v1::Predicate>(row[when + "_predicate"]));
  return pair;
}

std::string ProposalsOf(const v1::CalibratedRating& rating) {
  v1::CalibratedRating only;
  *only.mutable_proposals() = rating.proposals();
  return only.SerializeAsString();
}

v1::CalibratedRating ToRating(const pqxx::row& row) {
  const std::string agency = row["agency_id"].c_str();
  v1::CalibratedRating rating;
  rating.ParseFromString(postgres::FromBytes(row["proposals"]));
  rating.set_evaluation(kEvaluationName.Format({agency, row["evaluation_id"].c_str()}));
  rating.set_employee(PersonName(agency, row["employee"].c_str()));
  rating.set_appraiser(PersonName(agency, row["appraiser"].c_str()));
  *rating.mutable_before() = ReadPair(row, "before");
  *rating.mutable_after() = ReadPair(row, "now");
  rating.set_reason(row["reason"].c_str());
  return rating;
}

}  // namespace

absl::StatusOr<v1::CalibrationSession> CalibrationStore::Insert(
    const Key& key, const v1::CalibrationSession& session) {
  const std::string unit_result = IdOf(session.unit_result());
  if (tx_.Exec(kInsert,
               key.agency,
               key.id,
               unit_result,
               SessionBody(session),
               postgres::ToText(tx_.call().time()))
          .affected_rows() == 0)
    return errors::ResourceExists(session.unit_result());
  tx_.Exec(kInsertRatings, key.agency, key.id, unit_result);
  return Find(key)->session;
}

std::optional<StoredSession> CalibrationStore::Find(const Key& key) const {
  const pqxx::result rows = tx_.Exec(kSelect, key.agency, key.id);
  if (rows.empty()) return std::nullopt;
  return ToSession(rows.front());
}

std::vector<v1::CalibrationSession> CalibrationStore::List(const std::string& agency,
                                                           const SessionQuery& query) const {
  const ScopeParameters scope(query.scope, query.caller);
  std::optional<std::string> cycle, period;
  if (query.period.has_value()) {
    cycle = query.period->cycle;
    period = query.period->period;
  }
  std::vector<v1::CalibrationSession> sessions;
  for (const pqxx::row& row :
       tx_.Exec(kList,
                agency,
                postgres::NullIfEmpty(query.page.after),
                query.page.size,
                scope.agency,
                scope.appraiser,
                scope.units,
                query.scope.rater ? std::optional(query.caller) : std::nullopt,
                cycle,
                period)) {
    sessions.push_back(ToSession(row).session);
  }
  return sessions;
}

absl::StatusOr<v1::CalibrationSession> CalibrationStore::Update(
    const Key& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::CalibrationSession&)> change) {
  tx_.Exec(kLock, key.agency, key.id);
  const pqxx::result rows = tx_.Exec(kSelect, key.agency, key.id);
  if (rows.empty())
    return errors::ResourceNotFound(kCalibrationSessionName.Format({key.agency, key.id}));
  v1::CalibrationSession session = ToSession(rows.front()).session;
  RETURN_IF_ERROR(precondition.Check(rows.front()["version"].as<std::int64_t>(), session.name()));
  RETURN_IF_ERROR(change(session));
  tx_.Exec(kUpdate,
           key.agency,
           key.id,
           EnumText(session.state()),
           SessionBody(session),
           ToText(session.close_time(), session.has_close_time()));
  return Find(key)->session;
}

absl::StatusOr<v1::CalibrationSession> CalibrationStore::Share(const Key& key) {
  tx_.Exec(kShare, key.agency, key.id);
  std::optional<StoredSession> found = Find(key);
  if (!found.has_value())
    return errors::ResourceNotFound(kCalibrationSessionName.Format({key.agency, key.id}));
  return std::move(found->session);
}

std::string CalibrationStore::FindOpen(const Key& unit_result) const {
  const pqxx::result rows = tx_.Exec(kSelectOpen, unit_result.agency, unit_result.id);
  if (rows.empty()) return "";
  return kCalibrationSessionName.Format({unit_result.agency, rows.front().front().c_str()});
}

std::vector<v1::CalibratedRating> CalibrationStore::ListRatings(const Key& key,
                                                                const std::string& reader,
                                                                const PageQuery& page) const {
  std::vector<v1::CalibratedRating> ratings;
  for (const pqxx::row& row : tx_.Exec(kSelectRatings,
                                       key.agency,
                                       key.id,
                                       postgres::NullIfEmpty(page.after),
                                       std::optional(page.size),
                                       std::optional(reader),
                                       std::optional<std::string>())) {
    ratings.push_back(ToRating(row));
  }
  return ratings;
}

std::vector<v1::CalibratedRating> CalibrationStore::AllRatings(const Key& key) const {
  std::vector<v1::CalibratedRating> ratings;
  for (const pqxx::row& row : tx_.Exec(kSelectRatings,
                                       key.agency,
                                       key.id,
                                       std::optional<std::string>(),
                                       std::optional<int>(),
                                       std::optional<std::string>(),
                                       std::optional<std::string>())) {
    ratings.push_back(ToRating(row));
  }
  return ratings;
}

std::optional<v1::CalibratedRating> CalibrationStore::FindRating(const Key& key,
                                                                 const std::string& evaluation,
                                                                 const std::string& reader) {
  tx_.Exec(kLockRating, key.agency, key.id, evaluation);
  const pqxx::result rows = tx_.Exec(kSelectRatings,
                                     key.agency,
                                     key.id,
                                     std::optional<std::string>(),
                                     std::optional<int>(),
                                     std::optional(reader),
                                     std::optional(evaluation));
  if (rows.empty()) return std::nullopt;
  return ToRating(rows.front());
}

void CalibrationStore::StoreProposals(const Key& key, const v1::CalibratedRating& rating) {
  tx_.Exec(kStoreProposals,
           key.agency,
           key.id,
           IdOf(rating.evaluation()),
           postgres::ToBytes(ProposalsOf(rating)));
}

void CalibrationStore::StoreClosed(const Key& key,
                                   const std::vector<v1::CalibratedRating>& ratings) {
  std::vector<std::string> ids, results, behaviors, predicates, reasons, proposals;
  for (const v1::CalibratedRating& rating : ratings) {
    ids.push_back(IdOf(rating.evaluation()));
    results.push_back(v1::Rating_Name(rating.after().result_rating()));
    behaviors.push_back(v1::Rating_Name(rating.after().behavior_rating()));
    predicates.push_back(v1::Predicate_Name(rating.after().predicate()));
    reasons.push_back(rating.reason());
    proposals.push_back(absl::BytesToHexString(ProposalsOf(rating)));
  }
  tx_.Exec(kStoreClosed,
           key.agency,
           key.id,
           postgres::ToArray(ids),
           postgres::ToArray(results),
           postgres::ToArray(behaviors),
           postgres::ToArray(predicates),
           postgres::ToArray(reasons),
           postgres::ToArray(proposals));
}

int CalibrationStore::CountChanged(const Key& key) const {
  return tx_.Exec(kCountChanged, key.agency, key.id).front().front().as<int>();
}

std::map<std::string, std::vector<v1::CalibratedChange>> CalibrationStore::ChangesOf(
    const std::string& agency, const std::vector<std::string>& evaluations) const {
  std::map<std::string, std::vector<v1::CalibratedChange>> changes;
  for (const pqxx::row& row : tx_.Exec(kSelectChanges, agency, postgres::ToArray(evaluations))) {
    v1::CalibratedChange& change = changes[row["evaluation_id"].c_str()].emplace_back();
    change.set_session(kCalibrationSessionName.Format({agency, row["session_id"].c_str()}));
    *change.mutable_before() = ReadPair(row, "before");
    *change.mutable_after() = ReadPair(row, "now");
    change.set_reason(row["reason"].c_str());
    *change.mutable_close_time() = postgres::ToTimestamp(row["close_time"]);
  }
  return changes;
}

}  // namespace teraju::evaluation
