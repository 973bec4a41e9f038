#include "services/evaluation/store/meeting_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kInsert{"meeting_insert", R"sql(
INSERT INTO meetings (agency_id, meeting_id, cycle_id, period_id, date, leader, attendants, state, body)
VALUES ($1, $2::uuid, $3, $4, $5::date, $6, $7::text[], $8, $9)
RETURNING *)sql"};

constexpr postgres::Statement kSelect{
    "meeting_select", "SELECT * FROM meetings WHERE agency_id = $1 AND meeting_id = $2::uuid"};

constexpr postgres::Statement kSelectForUpdate{
    "meeting_select_for_update",
    "SELECT * FROM meetings WHERE agency_id = $1 AND meeting_id = $2::uuid FOR NO KEY UPDATE"};

constexpr postgres::Statement kList{"meeting_list", R"sql(
SELECT * FROM meetings
WHERE agency_id = $1 AND ($2::uuid IS NULL OR meeting_id < $2::uuid)
  AND ($4::boolean OR leader = $5 OR attendants @> ARRAY[$5]::text[])
  AND ($6::text IS NULL OR (cycle_id = $6 AND period_id = $7))
ORDER BY meeting_id DESC LIMIT $3)sql"};

constexpr postgres::Statement kUpdate{"meeting_update", R"sql(
UPDATE meetings SET date = $3::date, attendants = $4::text[], state = $5, body = $6, version = version + 1
WHERE agency_id = $1 AND meeting_id = $2::uuid
RETURNING *)sql"};

// Its own; and of earlier meetings of the leader those that were open on its day.
constexpr postgres::Statement kActions{"meeting_actions", R"sql(
SELECT * FROM action_items
WHERE agency_id = $1 AND leader = $3
  AND (meeting_id = $2::uuid
       OR (meeting_id < $2::uuid AND agree_date <= $4::date
           AND (state = 'OPEN' OR end_time >= $5::timestamptz)))
ORDER BY due_date, item_id)sql"};

constexpr postgres::Statement kInsertAction{"action_item_insert", R"sql(
INSERT INTO action_items (agency_id, meeting_id, item_id, leader, owner, agree_date, due_date, state, text, create_time)
VALUES ($1, $2::uuid, $3::uuid, $4, $5, $6::date, $7::date, 'OPEN', $8, $9::timestamptz)
RETURNING *)sql"};

constexpr postgres::Statement kSelectAction{"action_item_select", R"sql(
SELECT * FROM action_items WHERE agency_id = $1 AND meeting_id = $2::uuid AND item_id = $3::uuid)sql"};

constexpr postgres::Statement kSelectActionForUpdate{"action_item_select_for_update", R"sql(
SELECT * FROM action_items
WHERE agency_id = $1 AND meeting_id = $2::uuid AND item_id = $3::uuid FOR NO KEY UPDATE)sql"};

constexpr postgres::Statement kUpdateAction{"action_item_update", R"sql(
UPDATE action_items SET state = $4, outcome = $5, end_time = $6::timestamptz, version = version + 1
WHERE agency_id = $1 AND meeting_id = $2::uuid AND item_id = $3::uuid
RETURNING *)sql"};

v1::Meeting ToMeeting(const pqxx::row& row) {
  v1::Meeting meeting;
  meeting.ParseFromString(postgres::FromBytes(row["body"]));
  meeting.set_name(kMeetingName.Format({row["agency_id"].c_str(), row["meeting_id"].c_str()}));
  meeting.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return meeting;
}

pqxx::binarystring MeetingBody(v1::Meeting meeting) {
  meeting.clear_name();
  meeting.clear_actions();
  meeting.clear_follow_up();
  meeting.clear_etag();
  return postgres::ToBytes(meeting.SerializeAsString());
}

std::string Attendants(const v1::Meeting& meeting) {
  std::vector<std::string> subjects;
  for (const std::string& name : meeting.attendants()) subjects.push_back(SubjectOf(name));
  return postgres::ToArray(subjects);
}

v1::ActionItem ToActionItem(const pqxx::row& row) {
  const std::string agency = row["agency_id"].c_str();
  v1::ActionItem item;
  item.set_name(
      kActionItemName.Format({agency, row["meeting_id"].c_str(), row["item_id"].c_str()}));
  item.set_text(row["text"].c_str());
  item.set_owner(PersonName(agency, row["owner"].c_str()));
  *item.mutable_due_date() = postgres::ToDate(row["due_date"]);
  item.set_state(ReadEnum<v1::ActionItem::State>(row["state"]));
  item.set_outcome(row["outcome"].c_str());
  item.set_leader(PersonName(agency, row["leader"].c_str()));
  *item.mutable_agree_date() = postgres::ToDate(row["agree_date"]);
  if (!row["end_time"].is_null()) *item.mutable_end_time() = postgres::ToTimestamp(row["end_time"]);
  item.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return item;
}

}  // namespace

v1::Meeting MeetingStore::Insert(const Key& key,
                                 const PeriodKey& period,
                                 const v1::Meeting& meeting) {
  return ToMeeting(tx_.Exec(kInsert,
                            key.agency,
                            key.id,
                            period.cycle,
                            period.period,
                            postgres::ToText(meeting.date()),
                            SubjectOf(meeting.leader()),
                            Attendants(meeting),
                            EnumText(meeting.state()),
                            MeetingBody(meeting))
                       .front());
}

std::optional<v1::Meeting> MeetingStore::Find(const Key& key) const {
  const pqxx::result rows = tx_.Exec(kSelect, key.agency, key.id);
  if (rows.empty()) return std::nullopt;
  return ToMeeting(rows.front());
}

std::vector<v1::Meeting> MeetingStore::List(const std::string& agency,
                                            const MeetingQuery& query) const {
  std::optional<std::string> cycle, period;
  if (query.period.has_value()) {
    cycle = query.period->cycle;
    period = query.period->period;
  }
  std::vector<v1::Meeting> meetings;
  for (const pqxx::row& row : tx_.Exec(kList,
                                       agency,
                                       postgres::NullIfEmpty(query.page.after),
                                       query.page.size,
                                       query.agency,
                                       query.caller,
                                       cycle,
                                       period)) {
    meetings.push_back(ToMeeting(row));
  }
  return meetings;
}

absl::StatusOr<v1::Meeting> MeetingStore::Update(
    const Key& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::Meeting&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency, key.id);
  if (rows.empty()) return errors::ResourceNotFound(kMeetingName.Format({key.agency, key.id}));
  v1::Meeting meeting = ToMeeting(rows.front());
  RETURN_IF_ERROR(precondition.Check(rows.front()["version"].as<std::int64_t>(), meeting.name()));
  RETURN_IF_ERROR(change(meeting));
  return ToMeeting(tx_.Exec(kUpdate,
                            key.agency,
                            key.id,
                            postgres::ToText(meeting.date()),
                            Attendants(meeting),
                            EnumText(meeting.state()),
                            MeetingBody(meeting))
                       .front());
}

void MeetingStore::AddActions(v1::Meeting& meeting) const {
  const std::string agency(api::AgencyOf(meeting.name()));
  for (const pqxx::row& row : tx_.Exec(kActions,
                                       agency,
                                       IdOf(meeting.name()),
                                       SubjectOf(meeting.leader()),
                                       postgres::ToText(meeting.date()),
                                       postgres::ToText(meeting.create_time()))) {
    v1::ActionItem item = ToActionItem(row);
    const bool own = item.name().starts_with(meeting.name() + "/");
    *(own ? meeting.add_actions() : meeting.add_follow_up()) = std::move(item);
  }
}

v1::ActionItem MeetingStore::InsertAction(const MeetingChildKey& key,
                                          const v1::ActionItem& item,
                                          const v1::Meeting& meeting) {
  return ToActionItem(tx_.Exec(kInsertAction,
                               key.agency,
                               key.meeting,
                               key.id,
                               SubjectOf(meeting.leader()),
                               SubjectOf(item.owner()),
                               postgres::ToText(meeting.date()),
                               postgres::ToText(item.due_date()),
                               item.text(),
                               postgres::ToText(tx_.call().time()))
                          .front());
}

std::optional<v1::ActionItem> MeetingStore::FindAction(const MeetingChildKey& key) const {
  const pqxx::result rows = tx_.Exec(kSelectAction, key.agency, key.meeting, key.id);
  if (rows.empty()) return std::nullopt;
  return ToActionItem(rows.front());
}

absl::StatusOr<v1::ActionItem> MeetingStore::UpdateAction(
    const MeetingChildKey& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::ActionItem&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectActionForUpdate, key.agency, key.meeting, key.id);
  if (rows.empty())
    return errors::ResourceNotFound(kActionItemName.Format({key.agency, key.meeting, key.id}));
  v1::ActionItem item = ToActionItem(rows.front());
  RETURN_IF_ERROR(precondition.Check(rows.front()["version"].as<std::int64_t>(), item.name()));
  RETURN_IF_ERROR(change(item));
  return ToActionItem(tx_.Exec(kUpdateAction,
                               key.agency,
                               key.meeting,
                               key.id,
                               EnumText(item.state()),
                               item.outcome(),
                               ToText(item.end_time(), item.has_end_time()))
                          .front());
}

}  // namespace teraju::evaluation
