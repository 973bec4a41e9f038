#include "services/evaluation/store/feedback_note_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"

namespace teraju::evaluation {
namespace {

// The columns of the plan's snapshot stand beside those of the note.
constexpr postgres::Statement kInsert{"feedback_note_insert", R"sql(
WITH made AS (
  INSERT INTO feedback_notes (agency_id, note_id, plan_id, author, body, create_time)
  VALUES ($1, $2::uuid, $3::uuid, $4, $5, $6::timestamptz) RETURNING *)
SELECT w.*, n.note_id, n.version AS note_version, n.author, n.body AS note_body, n.create_time AS note_time
FROM made n JOIN work_plans w USING (agency_id, plan_id))sql"};

constexpr postgres::Statement kSelect{"feedback_note_select", R"sql(
SELECT w.*, n.note_id, n.version AS note_version, n.author, n.body AS note_body, n.create_time AS note_time
FROM feedback_notes n JOIN work_plans w USING (agency_id, plan_id)
WHERE n.agency_id = $1 AND n.note_id = $2::uuid)sql"};

constexpr postgres::Statement kSelectForUpdate{"feedback_note_select_for_update", R"sql(
SELECT w.*, n.note_id, n.version AS note_version, n.author, n.body AS note_body, n.create_time AS note_time
FROM feedback_notes n JOIN work_plans w USING (agency_id, plan_id)
WHERE n.agency_id = $1 AND n.note_id = $2::uuid FOR NO KEY UPDATE OF n)sql"};

constexpr postgres::Statement kList{"feedback_note_list", R"sql(
SELECT w.*, n.note_id, n.version AS note_version, n.author, n.body AS note_body, n.create_time AS note_time
FROM feedback_notes n JOIN work_plans w USING (agency_id, plan_id)
WHERE n.agency_id = $1 AND ($2::uuid IS NULL OR n.note_id > $2::uuid)
  AND ($4::boolean OR w.employee = $5 OR w.appraiser = $6 OR w.next_appraiser = $7 OR w.unit_path && $8::text[]
       OR n.author = $9)
  AND ($10::text IS NULL OR w.employee = $10)
ORDER BY n.note_id LIMIT $3)sql"};

constexpr postgres::Statement kUpdate{"feedback_note_update", R"sql(
UPDATE feedback_notes SET body = $3, version = version + 1 WHERE agency_id = $1 AND note_id = $2::uuid)sql"};

v1::FeedbackNote ToFeedbackNote(const pqxx::row& row) {
  const std::string agency = row["agency_id"].c_str();
  v1::FeedbackNote note;
  note.ParseFromString(postgres::FromBytes(row["note_body"]));
  note.set_name(kFeedbackNoteName.Format({agency, row["note_id"].c_str()}));
  note.set_work_plan(kWorkPlanName.Format({agency, row["plan_id"].c_str()}));
  *note.mutable_snapshot() = ToSnapshot(agency, row);
  note.set_author(PersonName(agency, row["author"].c_str()));
  *note.mutable_create_time() = postgres::ToTimestamp(row["note_time"]);
  note.set_etag(api::MakeEtag(row["note_version"].as<std::int64_t>()));
  return note;
}

pqxx::binarystring NoteBody(v1::FeedbackNote note) {
  note.clear_name();
  note.clear_work_plan();
  note.clear_snapshot();
  note.clear_author();
  note.clear_create_time();
  note.clear_etag();
  return postgres::ToBytes(note.SerializeAsString());
}

}  // namespace

v1::FeedbackNote FeedbackNoteStore::Insert(const Key& key, const v1::FeedbackNote& note) {
  return ToFeedbackNote(tx_.Exec(kInsert,
                                 key.agency,
                                 key.id,
                                 IdOf(note.work_plan()),
                                 SubjectOf(note.author()),
                                 NoteBody(note),
                                 postgres::ToText(tx_.call().time()))
                            .front());
}

std::optional<v1::FeedbackNote> FeedbackNoteStore::Find(const Key& key) const {
  const pqxx::result rows = tx_.Exec(kSelect, key.agency, key.id);
  if (rows.empty()) return std::nullopt;
  return ToFeedbackNote(rows.front());
}

std::vector<v1::FeedbackNote> FeedbackNoteStore::List(const std::string& agency,
                                                      const FeedbackNoteQuery& query) const {
  const ScopeParameters scope(query.scope, query.caller);
  std::vector<v1::FeedbackNote> notes;
  for (const pqxx::row& row : tx_.Exec(kList,
                                       agency,
                                       postgres::NullIfEmpty(query.page.after),
                                       query.page.size,
                                       scope.agency,
                                       scope.self,
                                       scope.appraiser,
                                       scope.next_appraiser,
                                       scope.units,
                                       query.caller,
                                       postgres::NullIfEmpty(query.employee))) {
    notes.push_back(ToFeedbackNote(row));
  }
  return notes;
}

absl::StatusOr<v1::FeedbackNote> FeedbackNoteStore::Update(
    const Key& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::FeedbackNote&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency, key.id);
  if (rows.empty()) return errors::ResourceNotFound(kFeedbackNoteName.Format({key.agency, key.id}));
  v1::FeedbackNote note = ToFeedbackNote(rows.front());
  const auto version = rows.front()["note_version"].as<std::int64_t>();
  RETURN_IF_ERROR(precondition.Check(version, note.name()));
  RETURN_IF_ERROR(change(note));
  tx_.Exec(kUpdate, key.agency, key.id, NoteBody(note));
  note.set_etag(api::MakeEtag(version + 1));
  return note;
}

}  // namespace teraju::evaluation
