#include "services/evaluation/store/deadline_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"
#include "common/postgres/lock_name.h"
#include "services/evaluation/domain/timestamps.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kFind{
    "deadline_find",
    "SELECT * FROM deadlines WHERE agency_id = $1 AND cycle_id = $2 AND deadline_id = $3"};
constexpr postgres::Statement kLock{
    "deadline_lock",
    "SELECT version FROM deadlines WHERE agency_id = $1 AND cycle_id = $2 AND deadline_id = $3"
    " FOR UPDATE"};
constexpr postgres::Statement kList{
    "deadline_list",
    "SELECT * FROM deadlines WHERE agency_id = $1 AND cycle_id = $2 AND deadline_id > $3"
    " ORDER BY deadline_id LIMIT $4"};
constexpr postgres::Statement kSet{"deadline_set", R"sql(
INSERT INTO deadlines (agency_id, cycle_id, deadline_id, set_time, set_due_time, due_time, remind_time)
VALUES ($1, $2, $3, $4::timestamptz, $5::timestamptz, $5::timestamptz, $6::timestamptz)
ON CONFLICT (agency_id, cycle_id, deadline_id) DO UPDATE
SET set_time = excluded.set_time, set_due_time = excluded.set_due_time, due_time = excluded.due_time,
    remind_time = excluded.remind_time, missed_minutes = 0, over = false, version = deadlines.version + 1
RETURNING *)sql"};
constexpr postgres::Statement kDelete{
    "deadline_delete",
    "DELETE FROM deadlines WHERE agency_id = $1 AND cycle_id = $2 AND deadline_id = $3"};
constexpr postgres::Statement kTakePassed{
    "deadline_take_passed",
    "SELECT * FROM deadlines WHERE NOT over AND due_time < $1::timestamptz"
    " ORDER BY due_time LIMIT 1 FOR UPDATE SKIP LOCKED"};
constexpr postgres::Statement kTakeReminder{
    "deadline_take_reminder",
    "SELECT d.* FROM deadlines d JOIN cycles c USING (agency_id, cycle_id)"
    " WHERE d.remind_time <= $1::timestamptz AND d.due_time > $1::timestamptz"
    " AND c.state <> 'CLOSED' ORDER BY d.remind_time LIMIT 1 FOR UPDATE OF d SKIP LOCKED"};
constexpr postgres::Statement kSetReminder{
    "deadline_set_reminder",
    "UPDATE deadlines SET remind_time = $4::timestamptz"
    " WHERE agency_id = $1 AND cycle_id = $2 AND deadline_id = $3"};
constexpr postgres::Statement kUnfinishedPlans{
    "deadline_unfinished_plans",
    "SELECT DISTINCT employee FROM work_plans"
    " WHERE agency_id = $1 AND cycle_id = $2 AND submit_time IS NULL AND NOT without_segment"};
constexpr postgres::Statement kUnfinishedSelf{
    "deadline_unfinished_self",
    "SELECT DISTINCT e.employee FROM evaluations e JOIN work_plans w USING (agency_id, plan_id)"
    " WHERE e.agency_id = $1 AND e.cycle_id = $2 AND e.period_id = $3 AND e.state = 'OPEN'"
    " AND e.self_note = '' AND NOT w.without_segment"};
constexpr postgres::Statement kUpdate{
    "deadline_update",
    "UPDATE deadlines SET due_time = $4::timestamptz, missed_minutes = $5, over = $6,"
    " remind_time = $7::timestamptz, version = version + 1 WHERE agency_id = $1 AND cycle_id = $2 "
    "AND deadline_id = $3"};

constexpr postgres::Statement kMinutes{
    "deadline_minutes",
    "SELECT minute, sum(calls)::bigint AS calls, sum(failed)::bigint AS failed FROM service_minutes"
    " WHERE minute >= $1::timestamptz AND minute < $2::timestamptz GROUP BY minute ORDER BY "
    "minute"};
constexpr postgres::Statement kAddCalls{"deadline_add_calls", R"sql(
INSERT INTO service_minutes AS m (minute, replica, calls, failed)
VALUES (date_trunc('minute', $1::timestamptz), $2, $3, $4)
ON CONFLICT (minute, replica) DO UPDATE SET calls = m.calls + excluded.calls, failed = m.failed + excluded.failed)sql"};
constexpr postgres::Statement kDropMinutes{
    "deadline_drop_minutes", "DELETE FROM service_minutes WHERE minute < $1::timestamptz"};

DeadlineRow ToRow(const pqxx::row& row) {
  return {.key = {row["agency_id"].c_str(), row["cycle_id"].c_str(), row["deadline_id"].c_str()},
          .due = {.set_time = postgres::ToTime(row["set_time"]),
                  .due_time = postgres::ToTime(row["due_time"]),
                  .missed_minutes = row["missed_minutes"].as<int>()},
          .set_due_time = postgres::ToTime(row["set_due_time"]),
          .remind_time = postgres::ToTime(row["remind_time"]),
          .over = row["over"].as<bool>(),
          .version = row["version"].as<std::int64_t>()};
}

std::optional<DeadlineRow> FirstOf(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return ToRow(rows.front());
}

}  // namespace

v1::Deadline DeadlineRow::ToMessage() const {
  v1::Deadline deadline;
  deadline.set_name(key.ToName());
  domain::SetTime(*deadline.mutable_due_time(), due.due_time);
  domain::SetTime(*deadline.mutable_set_due_time(), set_due_time);
  deadline.set_missed_minutes(due.missed_minutes);
  deadline.set_etag(api::MakeEtag(version));
  return deadline;
}

std::optional<DeadlineRow> DeadlineStore::Find(const DeadlineKey& key) const {
  return FirstOf(tx_.Exec(kFind, key.agency, key.cycle, key.id));
}

std::vector<DeadlineRow> DeadlineStore::List(const CycleKey& cycle, const PageQuery& page) const {
  std::vector<DeadlineRow> deadlines;
  for (const pqxx::row& row : tx_.Exec(kList, cycle.agency, cycle.cycle, page.after, page.size))
    deadlines.push_back(ToRow(row));
  return deadlines;
}

absl::Status DeadlineStore::Check(const DeadlineKey& key,
                                  const api::Precondition& precondition) const {
  const pqxx::result locked = tx_.Exec(kLock, key.agency, key.cycle, key.id);
  if (locked.empty()) return errors::ResourceNotFound(key.ToName());
  return precondition.Check(locked[0][0].as<std::int64_t>(), key.ToName());
}

absl::StatusOr<DeadlineRow> DeadlineStore::Set(const DeadlineKey& key,
                                               absl::Time due_time,
                                               absl::Time remind_time,
                                               const api::Precondition& precondition) {
  postgres::LockName(tx_, key.ToName());
  absl::Status checked = Check(key, precondition);
  if (absl::IsNotFound(checked)) checked = precondition.Check(0, key.ToName());
  RETURN_IF_ERROR(checked);
  return ToRow(tx_.Exec(kSet,
                        key.agency,
                        key.cycle,
                        key.id,
                        postgres::ToText(tx_.call().time()),
                        postgres::ToText(due_time),
                        postgres::ToText(remind_time))
                   .front());
}

absl::Status DeadlineStore::Delete(const DeadlineKey& key, const api::Precondition& precondition) {
  RETURN_IF_ERROR(Check(key, precondition));
  tx_.Exec(kDelete, key.agency, key.cycle, key.id);
  return absl::OkStatus();
}

std::optional<DeadlineRow> DeadlineStore::TakePassed(absl::Time time) {
  return FirstOf(tx_.Exec(kTakePassed, postgres::ToText(time)));
}

void DeadlineStore::Update(const DeadlineRow& row) {
  tx_.Exec(kUpdate,
           row.key.agency,
           row.key.cycle,
           row.key.id,
           postgres::ToText(row.due.due_time),
           row.due.missed_minutes,
           row.over,
           postgres::ToText(row.remind_time));
}

std::optional<DeadlineRow> DeadlineStore::TakeReminder(absl::Time time) {
  return FirstOf(tx_.Exec(kTakeReminder, postgres::ToText(time)));
}

void DeadlineStore::SetReminder(const DeadlineKey& key, absl::Time time) {
  tx_.Exec(kSetReminder, key.agency, key.cycle, key.id, postgres::ToText(time));
}

std::vector<std::string> DeadlineStore::Unfinished(const DeadlineKey& key) const {
  const std::string period = domain::PeriodOfDeadline(key.id);
  const pqxx::result rows = period.empty()
                                ? tx_.Exec(kUnfinishedPlans, key.agency, key.cycle)
                                : tx_.Exec(kUnfinishedSelf, key.agency, key.cycle, period);
  std::vector<std::string> people;
  for (const pqxx::row& row : rows) people.emplace_back(row[0].c_str());
  return people;
}

std::vector<domain::ServiceMinute> DeadlineStore::Minutes(absl::Time from, absl::Time to) const {
  std::vector<domain::ServiceMinute> minutes;
  for (const pqxx::row& row : tx_.Exec(kMinutes, postgres::ToText(from), postgres::ToText(to))) {
    minutes.push_back({.minute = postgres::ToTime(row["minute"]),
                       .calls = row["calls"].as<std::int64_t>(),
                       .failed = row["failed"].as<std::int64_t>()});
  }
  return minutes;
}

void DeadlineStore::AddCalls(const std::string& replica, std::int64_t calls, std::int64_t failed) {
  tx_.Exec(kAddCalls, postgres::ToText(tx_.call().time()), replica, calls, failed);
}

void DeadlineStore::DropMinutes(absl::Time before) {
  tx_.Exec(kDropMinutes, postgres::ToText(before));
}

}  // namespace teraju::evaluation
