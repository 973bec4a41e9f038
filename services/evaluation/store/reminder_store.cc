#include "services/evaluation/store/reminder_store.h"

#include <string_view>
#include <utility>

#include "common/postgres/codec.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kQueue{"reminder_queue", R"sql(
INSERT INTO reminders AS r (agency_id, recipient, kind, create_time, next_try_time)
SELECT DISTINCT $1, recipient, $3, $4::timestamptz, $4::timestamptz FROM unnest($2::text[]) recipient
ON CONFLICT (agency_id, recipient, kind) DO UPDATE
SET create_time = excluded.create_time, next_try_time = excluded.next_try_time, tries = 0, sent_time = NULL
WHERE r.sent_time IS NOT NULL OR r.next_try_time = 'infinity')sql"};

constexpr postgres::Statement kTake{"reminder_take", R"sql(
UPDATE reminders SET next_try_time = $2::timestamptz
WHERE (agency_id, recipient, kind) IN (
  SELECT agency_id, recipient, kind FROM reminders
  WHERE sent_time IS NULL AND next_try_time <= $1::timestamptz
  ORDER BY next_try_time LIMIT $3 FOR UPDATE SKIP LOCKED)
RETURNING agency_id, recipient, kind, tries)sql"};

constexpr postgres::Statement kMarkSent{"reminder_mark_sent",
                                        "UPDATE reminders SET sent_time = $4::timestamptz "
                                        "WHERE agency_id = $1 AND recipient = $2 AND kind = $3"};

constexpr postgres::Statement kPutOff{
    "reminder_put_off",
    "UPDATE reminders SET next_try_time = $4::timestamptz, tries = tries + 1 "
    "WHERE agency_id = $1 AND recipient = $2 AND kind = $3"};

constexpr postgres::Statement kNoteRounds{"reminder_note_rounds", R"sql(
INSERT INTO reminder_rounds (agency_id, cycle_id, round_time)
SELECT agency_id, cycle_id, $1::timestamptz FROM cycles WHERE state <> 'CLOSED'
UNION SELECT agency_id, '', $1::timestamptz FROM cycles
ON CONFLICT DO NOTHING)sql"};

constexpr postgres::Statement kTakeRound{"reminder_take_round", R"sql(
UPDATE reminder_rounds SET round_time = $1::timestamptz
WHERE (agency_id, cycle_id) IN (
  SELECT r.agency_id, r.cycle_id FROM reminder_rounds r LEFT JOIN cycles c USING (agency_id, cycle_id)
  WHERE r.round_time <= $1::timestamptz - make_interval(days => CASE r.cycle_id WHEN '' THEN 1 ELSE $2::int END)
    AND (r.cycle_id = '' OR c.state <> 'CLOSED')
  ORDER BY r.round_time LIMIT 1 FOR UPDATE OF r SKIP LOCKED)
RETURNING agency_id, cycle_id)sql"};

constexpr std::pair<domain::ReminderKind, const char*> kKinds[] = {
    {domain::ReminderKind::kTeam, "TEAM"},
    {domain::ReminderKind::kObjection, "OBJECTION"},
    {domain::ReminderKind::kHelp, "HELP"},
    {domain::ReminderKind::kDeadline, "DEADLINE"}};

std::string KindText(domain::ReminderKind kind) {
  for (const auto& [known, text] : kKinds) {
    if (known == kind) return text;
  }
  return "";
}

domain::ReminderKind KindOf(std::string_view text) {
  for (const auto& [kind, known] : kKinds) {
    if (known == text) return kind;
  }
  return domain::ReminderKind::kTeam;
}

}  // namespace

void ReminderStore::Queue(const std::string& agency,
                          const std::vector<std::string>& recipients,
                          domain::ReminderKind kind) {
  tx_.Exec(kQueue,
           agency,
           postgres::ToArray(recipients),
           KindText(kind),
           postgres::ToText(tx_.call().time()));
}

std::vector<Reminder> ReminderStore::Take(absl::Time lease_end, int size) {
  std::vector<Reminder> taken;
  for (const pqxx::row& row :
       tx_.Exec(kTake, postgres::ToText(tx_.call().time()), postgres::ToText(lease_end), size)) {
    taken.push_back({.agency = row["agency_id"].c_str(),
                     .recipient = row["recipient"].c_str(),
                     .kind = KindOf(row["kind"].c_str()),
                     .tries = row["tries"].as<int>()});
  }
  return taken;
}

void ReminderStore::MarkSent(const Reminder& reminder) {
  tx_.Exec(kMarkSent,
           reminder.agency,
           reminder.recipient,
           KindText(reminder.kind),
           postgres::ToText(tx_.call().time()));
}

void ReminderStore::PutOff(const Reminder& reminder, absl::Time time) {
  tx_.Exec(kPutOff,
           reminder.agency,
           reminder.recipient,
           KindText(reminder.kind),
           time == absl::InfiniteFuture() ? "infinity" : postgres::ToText(time));
}

std::optional<CycleKey> ReminderStore::TakeRound(int every_days) {
  const std::string now = postgres::ToText(tx_.call().time());
  tx_.Exec(kNoteRounds, now);
  const pqxx::result rows = tx_.Exec(kTakeRound, now, every_days);
  if (rows.empty()) return std::nullopt;
  return CycleKey{rows.front()["agency_id"].c_str(), rows.front()["cycle_id"].c_str()};
}

}  // namespace teraju::evaluation
