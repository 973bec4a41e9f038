#include "services/training/store/mentorship_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"
#include "services/training/store/list_scope.h"

namespace teraju::training {
namespace {

constexpr postgres::Sql kRunColumns =
    "run_id, cycle_period, capacity, state, mentors, mentees, pairs, create_time, version,"
    " unmatched";
constexpr postgres::Sql kColumns =
    "mentorship_id, run_id, mentor, mentee, topic, state, reason_id, reason_en, mentor_accepted,"
    " mentee_accepted, veto_comment, create_time, version, outcome, close_comment, close_time,"
    " (SELECT count(*) FROM mentoring_sessions s WHERE s.agency_id = mentorships.agency_id"
    " AND s.mentorship_id = mentorships.mentorship_id) AS sessions,"
    " (SELECT coalesce(sum(minutes), 0) FROM mentoring_sessions s"
    " WHERE s.agency_id = mentorships.agency_id"
    " AND s.mentorship_id = mentorships.mentorship_id) AS minutes,"
    " (SELECT max(date) FROM mentoring_sessions s WHERE s.agency_id = mentorships.agency_id"
    " AND s.mentorship_id = mentorships.mentorship_id) AS last_session_date";
constexpr postgres::Statement kInsertRun{
    "matching_run_insert",
    postgres::kSql<"INSERT INTO matching_runs (agency_id, run_id, cycle_period, capacity,"
                   " create_time) VALUES ($1, $2, $3, $4, $5) RETURNING " +
                   kRunColumns>};
constexpr postgres::Statement kSelectRun{
    "matching_run_select",
    postgres::kSql<"SELECT " + kRunColumns +
                   " FROM matching_runs WHERE agency_id = $1 AND run_id = $2">};
constexpr postgres::Statement kSelectRunForUpdate{
    "matching_run_select_for_update",
    postgres::kSql<"SELECT " + kRunColumns +
                   " FROM matching_runs WHERE agency_id = $1 AND run_id = $2 FOR UPDATE">};
constexpr postgres::Statement kUpdateRun{
    "matching_run_update",
    postgres::kSql<
        "UPDATE matching_runs SET state = $3, mentors = $4, mentees = $5, pairs = $6,"
        " unmatched = $7, version = version + 1 WHERE agency_id = $1 AND run_id = $2 RETURNING " +
        kRunColumns>};
constexpr postgres::Statement kInsert{
    "mentorship_insert",
    "INSERT INTO mentorships (agency_id, mentorship_id, run_id, mentor, mentee, topic, reason_id,"
    " reason_en, create_time) SELECT $1, m.*, $9 FROM (SELECT m.mentorship_id, $2::text, m.mentor,"
    " m.mentee, m.topic, m.reason_id, m.reason_en FROM unnest($3::text[], $4::text[], $5::text[],"
    " $6::text[], $7::text[], $8::text[]) AS m (mentorship_id, mentor, mentee, topic, reason_id,"
    " reason_en)) AS m"};
constexpr postgres::Statement kSelect{
    "mentorship_select",
    postgres::kSql<"SELECT " + kColumns +
                   " FROM mentorships WHERE agency_id = $1 AND mentorship_id = $2">};
constexpr postgres::Statement kSelectForUpdate{
    "mentorship_select_for_update",
    postgres::kSql<"SELECT " + kColumns +
                   " FROM mentorships WHERE agency_id = $1 AND mentorship_id = $2 FOR UPDATE">};
constexpr postgres::Statement kList{
    "mentorship_list",
    postgres::kSql<"SELECT " + kColumns +
                   " FROM mentorships WHERE agency_id = $1 AND ($2::boolean OR mentor = $3"
                   " OR mentee = $3) AND ($4 = '' OR run_id = $4) AND mentorship_id > $5"
                   " ORDER BY mentorship_id LIMIT $6">};
constexpr postgres::Statement kUpdate{
    "mentorship_update",
    postgres::kSql<"UPDATE mentorships SET state = $3, mentor_accepted = $4, mentee_accepted = $5,"
                   " veto_comment = $6, outcome = $7, close_comment = $8,"
                   " close_time = CASE WHEN $3 = 'CLOSED' THEN coalesce(close_time, $9) END,"
                   " version = version + 1 WHERE agency_id = $1 AND mentorship_id = $2 RETURNING " +
                   kColumns>};
constexpr postgres::Statement kHistory{
    "mentorship_history",
    "SELECT mentor, mentee, state FROM mentorships WHERE agency_id = $1 AND state <> 'CLOSED'"};

constexpr postgres::Sql kSessionColumns =
    "session_id, date, minutes, discussed, agreed, entered_by, create_time";
constexpr postgres::Statement kInsertSession{
    "mentoring_session_insert",
    postgres::kSql<"INSERT INTO mentoring_sessions (agency_id, mentorship_id, session_id, date,"
                   " minutes, discussed, agreed, entered_by, create_time)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING " +
                   kSessionColumns>};
constexpr postgres::Statement kListSessions{
    "mentoring_session_list",
    postgres::kSql<"SELECT " + kSessionColumns +
                   " FROM mentoring_sessions WHERE agency_id = $1 AND mentorship_id = $2"
                   " AND ($3::date IS NULL OR (date, session_id) > ($3::date, $4::text))"
                   " ORDER BY date, session_id LIMIT $5">};
constexpr postgres::Statement kFirstSessions{
    "mentoring_session_first",
    "SELECT m.mentee, min(s.date) FROM mentorships m"
    " JOIN mentoring_sessions s USING (agency_id, mentorship_id)"
    " WHERE m.agency_id = $1 AND m.run_id = $2 GROUP BY m.mentee"};

v1::MatchingRun ToRun(const AgencyId& agency, const pqxx::row& row) {
  v1::MatchingRun run;
  // First: what was stored holds who got no mentor and the effect, nothing else.
  run.ParseFromString(postgres::FromBytes(row[9]));
  run.set_name(NameOf<RunKey>(agency, row[0].as<std::string>()));
  run.set_cycle_period(row[1].as<std::string>());
  run.set_capacity(row[2].as<int>());
  v1::MatchingRun::State state = v1::MatchingRun::STATE_UNSPECIFIED;
  v1::MatchingRun::State_Parse(row[3].as<std::string>(), &state);
  run.set_state(state);
  run.set_mentors(row[4].as<int>());
  run.set_mentees(row[5].as<int>());
  run.set_pairs(row[6].as<int>());
  *run.mutable_create_time() = postgres::ToTimestamp(row[7]);
  run.set_etag(api::MakeEtag(row[8].as<std::int64_t>()));
  return run;
}

v1::Mentorship ToMentorship(const AgencyId& agency, const pqxx::row& row) {
  v1::Mentorship pair;
  pair.set_name(NameOf<MentorshipKey>(agency, row[0].as<std::string>()));
  pair.set_matching_run(NameOf<RunKey>(agency, row[1].as<std::string>()));
  pair.set_mentor(row[2].as<std::string>());
  pair.set_mentee(row[3].as<std::string>());
  pair.set_topic(row[4].as<std::string>());
  v1::Mentorship::State state = v1::Mentorship::STATE_UNSPECIFIED;
  v1::Mentorship::State_Parse(row[5].as<std::string>(), &state);
  pair.set_state(state);
  pair.set_reason_id(row[6].as<std::string>());
  pair.set_reason_en(row[7].as<std::string>());
  pair.set_mentor_accepted(row[8].as<bool>());
  pair.set_mentee_accepted(row[9].as<bool>());
  pair.set_veto_comment(row[10].as<std::string>());
  *pair.mutable_create_time() = postgres::ToTimestamp(row[11]);
  pair.set_etag(api::MakeEtag(row[12].as<std::int64_t>()));
  v1::Mentorship::Outcome outcome = v1::Mentorship::OUTCOME_UNSPECIFIED;
  v1::Mentorship::Outcome_Parse(row[13].as<std::string>(), &outcome);
  pair.set_outcome(outcome);
  pair.set_close_comment(row[14].as<std::string>());
  if (!row[15].is_null()) *pair.mutable_close_time() = postgres::ToTimestamp(row[15]);
  pair.set_sessions(row[16].as<int>());
  pair.set_minutes(row[17].as<int>());
  if (!row[18].is_null()) *pair.mutable_last_session_date() = postgres::ToDate(row[18]);
  return pair;
}

v1::MentoringSession ToSession(const MentorshipKey& key, const pqxx::row& row) {
  v1::MentoringSession session;
  session.set_name(
      kSessionName.Format({key.agency.value(), key.id.value(), row[0].as<std::string>()}));
  *session.mutable_date() = postgres::ToDate(row[1]);
  session.set_minutes(row[2].as<int>());
  session.set_discussed(row[3].as<std::string>());
  session.set_agreed(row[4].as<std::string>());
  session.set_entered_by(row[5].as<std::string>());
  *session.mutable_create_time() = postgres::ToTimestamp(row[6]);
  return session;
}

}  // namespace

v1::MatchingRun MentorshipStore::InsertRun(const RunKey& key, const v1::MatchingRun& run) {
  return ToRun(key.agency,
               tx_.Exec(kInsertRun,
                        key.agency.value(),
                        key.id.value(),
                        run.cycle_period(),
                        run.capacity(),
                        postgres::ToText(tx_.call().time()))[0]);
}

absl::StatusOr<v1::MatchingRun> MentorshipStore::GetRun(const RunKey& key) const {
  const pqxx::result rows = tx_.Exec(kSelectRun, key.agency.value(), key.id.value());
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  return ToRun(key.agency, rows[0]);
}

absl::StatusOr<v1::MatchingRun> MentorshipStore::UpdateRun(
    const RunKey& key, absl::FunctionRef<absl::Status(v1::MatchingRun&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectRunForUpdate, key.agency.value(), key.id.value());
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  v1::MatchingRun run = ToRun(key.agency, rows[0]);
  RETURN_IF_ERROR(change(run));
  v1::MatchingRun stored;
  *stored.mutable_unmatched() = run.unmatched();
  if (run.has_effect()) *stored.mutable_effect() = run.effect();
  return ToRun(key.agency,
               tx_.Exec(kUpdateRun,
                        key.agency.value(),
                        key.id.value(),
                        v1::MatchingRun::State_Name(run.state()),
                        run.mentors(),
                        run.mentees(),
                        run.pairs(),
                        postgres::ToBytes(stored.SerializeAsString()))[0]);
}

void MentorshipStore::Insert(const RunKey& run, const std::vector<v1::Mentorship>& pairs) {
  std::vector<std::string> ids, mentors, mentees, topics, reasons_id, reasons_en;
  for (const v1::Mentorship& pair : pairs) {
    ids.push_back(api::IdOf(pair.name()));
    mentors.push_back(pair.mentor());
    mentees.push_back(pair.mentee());
    topics.push_back(pair.topic());
    reasons_id.push_back(pair.reason_id());
    reasons_en.push_back(pair.reason_en());
  }
  tx_.Exec(kInsert,
           run.agency.value(),
           run.id.value(),
           postgres::ToArray(ids),
           postgres::ToArray(mentors),
           postgres::ToArray(mentees),
           postgres::ToArray(topics),
           postgres::ToArray(reasons_id),
           postgres::ToArray(reasons_en),
           postgres::ToText(tx_.call().time()));
}

absl::StatusOr<v1::Mentorship> MentorshipStore::Get(const MentorshipKey& key) const {
  const pqxx::result rows = tx_.Exec(kSelect, key.agency.value(), key.id.value());
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  return ToMentorship(key.agency, rows[0]);
}

absl::StatusOr<std::vector<v1::Mentorship>> MentorshipStore::List(const AgencyId& agency,
                                                                  const auth::Scope& scope,
                                                                  const std::string& run_id,
                                                                  const std::string& after_id,
                                                                  int limit) const {
  const ListScope mine(scope, agency, tx_.call());
  std::vector<v1::Mentorship> pairs;
  for (const pqxx::row& row :
       tx_.Exec(kList, agency.value(), mine.agency, mine.self, run_id, after_id, limit)) {
    pairs.push_back(ToMentorship(agency, row));
  }
  return pairs;
}

absl::StatusOr<v1::Mentorship> MentorshipStore::Update(
    const MentorshipKey& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::Mentorship&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency.value(), key.id.value());
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  RETURN_IF_ERROR(precondition.Check(rows[0]["version"].as<std::int64_t>(), key.Name()));
  v1::Mentorship pair = ToMentorship(key.agency, rows[0]);
  RETURN_IF_ERROR(change(pair));
  return ToMentorship(key.agency,
                      tx_.Exec(kUpdate,
                               key.agency.value(),
                               key.id.value(),
                               v1::Mentorship::State_Name(pair.state()),
                               pair.mentor_accepted(),
                               pair.mentee_accepted(),
                               pair.veto_comment(),
                               v1::Mentorship::Outcome_Name(pair.outcome()),
                               pair.close_comment(),
                               postgres::ToText(tx_.call().time()))[0]);
}

v1::MentoringSession MentorshipStore::InsertSession(const MentorshipKey& key,
                                                    const v1::MentoringSession& session,
                                                    const std::string& entered_by) {
  return ToSession(key,
                   tx_.Exec(kInsertSession,
                            key.agency.value(),
                            key.id.value(),
                            NewUuid7(tx_.call().time()),
                            postgres::ToText(session.date()),
                            session.minutes(),
                            session.discussed(),
                            session.agreed(),
                            entered_by,
                            postgres::ToText(tx_.call().time()))[0]);
}

std::vector<v1::MentoringSession> MentorshipStore::ListSessions(const MentorshipKey& key,
                                                                const std::string& after_date,
                                                                const std::string& after_id,
                                                                int limit) const {
  std::vector<v1::MentoringSession> sessions;
  for (const pqxx::row& row : tx_.Exec(kListSessions,
                                       key.agency.value(),
                                       key.id.value(),
                                       postgres::NullIfEmpty(after_date),
                                       after_id,
                                       limit)) {
    sessions.push_back(ToSession(key, row));
  }
  return sessions;
}

std::map<std::string, google::type::Date> MentorshipStore::FirstSessions(const RunKey& run) const {
  std::map<std::string, google::type::Date> first;
  for (const pqxx::row& row : tx_.Exec(kFirstSessions, run.agency.value(), run.id.value()))
    first[row[0].as<std::string>()] = postgres::ToDate(row[1]);
  return first;
}

void MentorshipStore::ReadHistory(const AgencyId& agency, domain::MatchingBasis& basis) const {
  for (const pqxx::row& row : tx_.Exec(kHistory, agency.value())) {
    const std::string mentor = row[0].as<std::string>();
    const std::string mentee = row[1].as<std::string>();
    if (row[2].as<std::string>() == "VETOED") {
      basis.vetoes.insert({mentor, mentee});
    } else {
      ++basis.mentees_of[mentor];
      basis.have_mentor.insert(mentee);
    }
  }
}

}  // namespace teraju::training
