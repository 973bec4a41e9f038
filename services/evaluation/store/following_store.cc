#include "services/evaluation/store/following_store.h"

#include "common/postgres/codec.h"
#include "services/evaluation/store/rows.h"
#include "services/evaluation/store/snapshot_columns.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kNoteOpening{
    "following_note_opening",
    "INSERT INTO cycle_openings (agency_id, cycle_id, unit_id) VALUES ($1, $2, $3) "
    "ON CONFLICT DO NOTHING"};

constexpr postgres::Statement kOpened{
    "following_opened",
    "SELECT o.agency_id, o.cycle_id, array_agg(o.unit_id) AS units FROM cycle_openings o "
    "JOIN cycles c USING (agency_id, cycle_id) WHERE o.agency_id = ANY ($1::text[]) "
    "AND c.state <> 'CLOSED' GROUP BY o.agency_id, o.cycle_id ORDER BY 1, 2"};

// Empty: as it was opened, with nothing that refers to it but evaluations that nobody has touched.
constexpr postgres::Statement kLockPlans{"following_lock_plans", R"sql(
SELECT w.*,
       w.state = 'DRAFT' AND w.revision = 0 AND w.body = ''
       AND NOT EXISTS (SELECT 1 FROM progress_entries x WHERE (x.agency_id, x.plan_id) = (w.agency_id, w.plan_id))
       AND NOT EXISTS (SELECT 1 FROM dialogues x WHERE (x.agency_id, x.plan_id) = (w.agency_id, w.plan_id))
       AND NOT EXISTS (SELECT 1 FROM support_requests x WHERE (x.agency_id, x.plan_id) = (w.agency_id, w.plan_id))
       AND NOT EXISTS (SELECT 1 FROM evidence x WHERE (x.agency_id, x.plan_id) = (w.agency_id, w.plan_id))
       AND NOT EXISTS (SELECT 1 FROM feedback_notes x WHERE (x.agency_id, x.plan_id) = (w.agency_id, w.plan_id))
       AND NOT EXISTS (SELECT 1 FROM competency_assessments x WHERE (x.agency_id, x.plan_id) = (w.agency_id, w.plan_id))
       AND NOT EXISTS (SELECT 1 FROM evaluations x WHERE (x.agency_id, x.plan_id) = (w.agency_id, w.plan_id)
                       AND (x.state <> 'OPEN' OR x.self_note <> '')) AS empty
FROM work_plans w
WHERE w.agency_id = $1 AND w.cycle_id = $2 AND w.employee = $3
ORDER BY w.start_date FOR UPDATE OF w)sql"};

constexpr postgres::Statement kMovePlans{"following_move_plans", postgres::kSql<R"sql(
UPDATE work_plans w
SET unit_id = s.unit_id, unit_path = string_to_array(s.unit_path, ','), position_title = s.position_title,
    position_kind = s.position_kind, leads_unit = s.leads_unit, start_date = s.start_date, end_date = s.end_date,
    appraiser = s.appraiser, next_appraiser = nullif(s.next_appraiser, ''), explanation_id = s.explanation_id,
    explanation_en = s.explanation_en, version = w.version + 1, update_time = $3::timestamptz
FROM )sql" + kSnapshotRows + R"sql(
WHERE w.agency_id = $1 AND w.cycle_id = $2 AND w.plan_id = s.plan_id)sql">};

// What was computed of other days of the period is forgotten.
constexpr postgres::Sql kComputedOfSameDays = R"sql(
(computed, mean_achievement, local_result) =
  (SELECT e.computed, e.mean_achievement, e.local_result
   WHERE (greatest(e.start_date, p.start_date), least(e.end_date, p.end_date))
       = (greatest(w.start_date, p.start_date), least(w.end_date, p.end_date))))sql";

constexpr postgres::Statement kMoveEvaluations{"following_move_evaluations", postgres::kSql<R"sql(
UPDATE evaluations e
SET unit_id = w.unit_id, unit_path = w.unit_path, position_title = w.position_title, position_kind = w.position_kind,
    leads_unit = w.leads_unit, start_date = w.start_date, end_date = w.end_date, appraiser = w.appraiser,
    next_appraiser = w.next_appraiser, explanation_id = w.explanation_id, explanation_en = w.explanation_en,
    )sql" + kComputedOfSameDays + R"sql(,
    version = e.version + 1
FROM work_plans w, periods p
WHERE w.agency_id = $1 AND w.plan_id = ANY ($2::uuid[]) AND (e.agency_id, e.plan_id) = (w.agency_id, w.plan_id)
  AND (p.agency_id, p.cycle_id, p.period_id) = (e.agency_id, e.cycle_id, e.period_id) AND e.state = 'OPEN')sql">};

constexpr postgres::Statement kMoveDays{
    "following_move_days",
    postgres::kSql<R"sql(
UPDATE evaluations e
SET start_date = w.start_date, end_date = w.end_date, )sql" +
                   kComputedOfSameDays + R"sql(, version = e.version + 1
FROM work_plans w, periods p
WHERE w.agency_id = $1 AND w.plan_id = ANY ($2::uuid[]) AND (e.agency_id, e.plan_id) = (w.agency_id, w.plan_id)
  AND (p.agency_id, p.cycle_id, p.period_id) = (e.agency_id, e.cycle_id, e.period_id)
  AND e.state = 'RATED' AND (e.start_date, e.end_date) <> (w.start_date, w.end_date)
  AND w.start_date <= p.end_date AND w.end_date >= p.start_date)sql">};

constexpr postgres::Statement kLeavePeriods{"following_leave_periods", R"sql(
DELETE FROM evaluations e
USING work_plans w, periods p
WHERE w.agency_id = $1 AND w.plan_id = ANY ($2::uuid[]) AND (e.agency_id, e.plan_id) = (w.agency_id, w.plan_id)
  AND (p.agency_id, p.cycle_id, p.period_id) = (e.agency_id, e.cycle_id, e.period_id)
  AND e.state = 'OPEN' AND e.self_note = '' AND (p.start_date > w.end_date OR p.end_date < w.start_date))sql"};

constexpr postgres::Statement kNoteLeft{"following_note_left", R"sql(
UPDATE work_plans SET without_segment = NOT without_segment, version = version + 1, update_time = $5::timestamptz
WHERE agency_id = $1 AND cycle_id = $2 AND employee = $3 AND without_segment <> (plan_id = ANY ($4::uuid[]))
RETURNING plan_id, without_segment)sql"};

constexpr postgres::Statement kRemoveEvaluations{
    "following_remove_evaluations",
    "DELETE FROM evaluations WHERE agency_id = $1 AND plan_id = ANY ($2::uuid[])"};
constexpr postgres::Statement kRemovePlans{
    "following_remove_plans",
    "DELETE FROM work_plans WHERE agency_id = $1 AND plan_id = ANY ($2::uuid[])"};

}  // namespace

void FollowingStore::NoteOpening(const CycleKey& cycle, const std::string& unit) {
  tx_.Exec(kNoteOpening, cycle.agency, cycle.cycle, unit);
}

std::vector<OpenedCycle> FollowingStore::Opened(const std::vector<std::string>& agencies) const {
  std::vector<OpenedCycle> cycles;
  for (const pqxx::row& row : tx_.Exec(kOpened, postgres::ToArray(agencies))) {
    cycles.push_back(
        {{row["agency_id"].c_str(), row["cycle_id"].c_str()}, postgres::ToStrings(row["units"])});
  }
  return cycles;
}

std::vector<domain::PlannedSegment> FollowingStore::LockPlans(const CycleKey& cycle,
                                                              const std::string& person) const {
  std::vector<domain::PlannedSegment> plans;
  for (const pqxx::row& row : tx_.Exec(kLockPlans, cycle.agency, cycle.cycle, person)) {
    plans.push_back(
        {row["plan_id"].c_str(), ToSnapshot(cycle.agency, row), row["empty"].as<bool>()});
  }
  return plans;
}

void FollowingStore::Move(const CycleKey& cycle, std::span<const domain::PlannedSegment> plans) {
  if (plans.empty()) return;
  SnapshotColumns columns;
  std::vector<std::string> ids;
  for (const domain::PlannedSegment& plan : plans) {
    columns.Add(plan.plan, plan.snapshot);
    ids.push_back(plan.plan);
  }
  columns.Exec(tx_, kMovePlans, cycle.agency, cycle.cycle, postgres::ToText(tx_.call().time()));
  const std::string moved = postgres::ToArray(ids);
  tx_.Exec(kMoveEvaluations, cycle.agency, moved);
  tx_.Exec(kMoveDays, cycle.agency, moved);
  tx_.Exec(kLeavePeriods, cycle.agency, moved);
}

std::map<std::string, bool> FollowingStore::NoteLeft(const CycleKey& cycle,
                                                     const std::string& person,
                                                     const std::vector<std::string>& plans) {
  std::map<std::string, bool> changed;
  for (const pqxx::row& row : tx_.Exec(kNoteLeft,
                                       cycle.agency,
                                       cycle.cycle,
                                       person,
                                       postgres::ToArray(plans),
                                       postgres::ToText(tx_.call().time()))) {
    changed[row["plan_id"].c_str()] = row["without_segment"].as<bool>();
  }
  return changed;
}

void FollowingStore::Remove(const std::string& agency, const std::vector<std::string>& plans) {
  if (plans.empty()) return;
  const std::string removed = postgres::ToArray(plans);
  tx_.Exec(kRemoveEvaluations, agency, removed);
  tx_.Exec(kRemovePlans, agency, removed);
}

}  // namespace teraju::evaluation
