#include "services/evaluation/store/opening_store.h"

#include "common/postgres/codec.h"
#include "services/evaluation/store/snapshot_columns.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kInsertPlans{"opening_insert_plans", postgres::kSql<R"sql(
INSERT INTO work_plans (agency_id, cycle_id, plan_id, employee, unit_id, unit_path, position_title, position_kind,
                        leads_unit, start_date, end_date, appraiser, next_appraiser, explanation_id, explanation_en,
                        state, create_time, update_time)
SELECT $1, $2, s.plan_id, s.employee, s.unit_id, string_to_array(s.unit_path, ','), s.position_title, s.position_kind,
       s.leads_unit, s.start_date, s.end_date, s.appraiser, nullif(s.next_appraiser, ''), s.explanation_id,
       s.explanation_en, 'DRAFT', $3::timestamptz, $3::timestamptz
FROM )sql" + kSnapshotRows + R"sql(
WHERE NOT EXISTS (
  SELECT 1 FROM work_plans w
  WHERE w.agency_id = $1 AND w.cycle_id = $2 AND w.employee = s.employee
    AND w.start_date <= s.end_date AND s.start_date <= w.end_date)
ON CONFLICT DO NOTHING)sql">};

// Copies the snapshot of the plan as it stands in the database: an earlier opening may have taken
// it.
constexpr postgres::Statement kInsertEvaluations{"opening_insert_evaluations", R"sql(
INSERT INTO evaluations (agency_id, evaluation_id, plan_id, cycle_id, period_id, employee, unit_id, unit_path,
                         position_title, position_kind, leads_unit, start_date, end_date, appraiser, next_appraiser,
                         explanation_id, explanation_en, create_time, rehearsal)
SELECT w.agency_id, n.evaluation_id, w.plan_id, w.cycle_id, p.period_id, w.employee, w.unit_id, w.unit_path,
       w.position_title, w.position_kind, w.leads_unit, w.start_date, w.end_date, w.appraiser, w.next_appraiser,
       w.explanation_id, w.explanation_en, $3::timestamptz,
       EXISTS (SELECT 1 FROM cycles c WHERE c.agency_id = $1 AND c.cycle_id = $2 AND c.kind = 'SHADOW')
FROM unnest($4::uuid[], $5::text[], $6::date[], $7::text[]) AS n(evaluation_id, employee, start_date, period_id)
JOIN work_plans w ON w.agency_id = $1 AND w.cycle_id = $2 AND w.employee = n.employee AND w.start_date = n.start_date
JOIN periods p ON p.agency_id = $1 AND p.cycle_id = $2 AND p.period_id = n.period_id
WHERE p.state <> 'PUBLISHED' AND w.start_date <= p.end_date AND p.start_date <= w.end_date
ON CONFLICT (agency_id, plan_id, period_id) DO NOTHING)sql"};

constexpr postgres::Statement kAnalyze{"opening_analyze", "ANALYZE work_plans, evaluations"};

}  // namespace

OpeningStore::Opened OpeningStore::Add(const CycleKey& cycle,
                                       std::span<const NewPlan> plans,
                                       std::span<const NewEvaluation> evaluations) {
  SnapshotColumns columns;
  for (const NewPlan& plan : plans) columns.Add(plan.id, plan.snapshot);
  const std::string now = postgres::ToText(tx_.call().time());
  Opened opened;
  opened.plans = static_cast<int>(
      columns.Exec(tx_, kInsertPlans, cycle.agency, cycle.cycle, now).affected_rows());
  std::vector<std::string> ids, employees, starts, periods;
  for (const NewEvaluation& evaluation : evaluations) {
    ids.push_back(evaluation.id);
    employees.push_back(columns.employee(evaluation.plan));
    starts.push_back(columns.start(evaluation.plan));
    periods.push_back(evaluation.period);
  }
  opened.evaluations = static_cast<int>(tx_.Exec(kInsertEvaluations,
                                                 cycle.agency,
                                                 cycle.cycle,
                                                 now,
                                                 postgres::ToArray(ids),
                                                 postgres::ToArray(employees),
                                                 postgres::ToArray(starts),
                                                 postgres::ToArray(periods))
                                            .affected_rows());
  return opened;
}

void OpeningStore::Analyze() { tx_.Exec(kAnalyze); }

}  // namespace teraju::evaluation
